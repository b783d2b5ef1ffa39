import { expect } from 'chai';
import {
  choice,
  duration,
  integer,
  nameList,
  optionalDuration,
  optionalText,
  port,
  text,
  toggle,
} from '../../../src/settings/kinds.ts';
import type { Setting } from '../../../src/settings/setting.ts';

const description = 'What it is.';
const kinds = {
  choice: choice(['AllowAll', 'DenyAll'], { description, defaultText: 'AllowAll' }),
  duration: duration({ description, defaultText: '48h', minimum: '1s' }),
  optionalDuration: optionalDuration({ description, minimum: '1s' }),
  integer: integer({ description, defaultText: '3', minimum: -2, maximum: 10 }),
  port: port({ description, defaultText: '9000' }),
  text: text({ description, defaultText: 'x' }),
  optionalText: optionalText({ description }),
  toggle: toggle({ description, defaultText: 'false' }),
  nameList: nameList({ description, defaultText: 'a,b', pattern: /^[a-z]+$/, of: 'names' }),
} satisfies Record<string, Setting>;

type Kind = keyof typeof kinds;

describe('kinds of settings', () => {
  const accepted: readonly [Kind, string, unknown][] = [
    ['choice', 'allowall', 'AllowAll'],
    ['choice', ' DENYALL ', 'DenyAll'],
    ['duration', '1m30s', 90_000],
    ['duration', '1s', 1000],
    ['duration', ' 48h ', 172_800_000],
    ['optionalDuration', '30s', 30_000],
    ['integer', '-2', -2],
    ['integer', '10', 10],
    ['port', '0', 0],
    ['port', '65535', 65535],
    ['text', ' ü ', ' ü '],
    ['optionalText', '0', '0'],
    ['toggle', 'TRUE', true],
    ['toggle', 'false', false],
    ['nameList', 'a, bc ,d', ['a', 'bc', 'd']],
    ['nameList', '', []],
    ['nameList', ' ', []],
  ];
  for (const [kind, given, value] of accepted) {
    it(`${kind} reads ${JSON.stringify(given)}`, () => {
      expect(kinds[kind].read(given)).to.deep.equal(value);
    });
  }

  const refused: readonly [Kind, string, string][] = [
    ['choice', 'some', 'expected AllowAll or DenyAll (in any case), got "some"'],
    ['choice', '', 'got ""'],
    ['duration', '0s', 'expected a duration of at least 1s, such as 30s, 1m30s or 48h, got "0s"'],
    ['duration', '-1m', 'got "-1m"'],
    ['duration', '999ms', 'got "999ms"'],
    ['duration', '10', 'got "10"'],
    ['duration', '', 'got ""'],
    ['optionalDuration', 'soon', 'got "soon"'],
    ['integer', '11', 'expected a whole number from -2 to 10, got "11"'],
    ['integer', '1.5', 'got "1.5"'],
    ['integer', '0x3', 'got "0x3"'],
    ['integer', '1e1', 'got "1e1"'],
    ['integer', 'NaN', 'got "NaN"'],
    ['port', '65536', 'expected a whole number from 0 to 65535, got "65536"'],
    ['port', '-1', 'got "-1"'],
    ['text', '', 'expected a text that is not empty, got ""'],
    ['optionalText', '', 'expected a text that is not empty, got ""'],
    ['toggle', 'yes', 'expected true or false, got "yes"'],
    ['toggle', '', 'got ""'],
    ['nameList', 'a,,b', 'expected names separated by commas, got "a,,b"'],
    ['nameList', 'a,B', 'got "a,B"'],
  ];
  for (const [kind, given, message] of refused) {
    it(`${kind} refuses ${JSON.stringify(given)}`, () => {
      expect(() => kinds[kind].read(given))
        .to.throw(message)
        .with.property('code', 'ERR_SETTINGS_INVALID');
    });
  }

  it('without a text have their default, or nothing', () => {
    expect(kinds.duration.absent()).to.equal(172_800_000);
    expect(kinds.nameList.absent()).to.deep.equal(['a', 'b']);
    expect(kinds.optionalText.absent()).to.equal(undefined);
    expect(kinds.optionalDuration.absent()).to.equal(undefined);
  });
});
