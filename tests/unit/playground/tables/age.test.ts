import { expect } from 'chai';
import { ageOf, humanDuration } from '../../../../src/playground/tables/age.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('the age of an object', () => {
  const cases: readonly (readonly [number, string])[] = [
    [-2, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [2 * MINUTE + 3, '2m3s'],
    [10 * MINUTE - 1, '9m59s'],
    [10 * MINUTE + 5, '10m'],
    [3 * HOUR - 1, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [8 * HOUR + MINUTE, '8h'],
    [2 * DAY - 1, '47h'],
    [2 * DAY + 4 * HOUR, '2d4h'],
    [8 * DAY + HOUR, '8d'],
    [729 * DAY, '729d'],
    [2 * 365 * DAY, '2y'],
    [2 * 365 * DAY + 7 * DAY, '2y7d'],
    [9 * 365 * DAY + DAY, '9y'],
  ];
  for (const [seconds, text] of cases) {
    it(`is ${text} after ${seconds} s`, () => {
      expect(humanDuration(seconds * 1000)).to.equal(text);
    });
  }

  it('says what is unknown or unreadable', () => {
    expect(ageOf('', 0)).to.equal('<unknown>');
    expect(ageOf('yesterday', 0)).to.equal('<invalid>');
    expect(ageOf('1970-01-01T00:00:00Z', 3000)).to.equal('3s');
  });
});
