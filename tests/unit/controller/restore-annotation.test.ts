import { expect } from 'chai';
import {
  formatRestoreNote,
  nextRestoreNote,
  parseRestoreNote,
  stillOurs,
} from '../../../src/controller/restore-annotation.ts';

const note = { replicas: 3, lastWritten: 5, configuration: 'uid', generation: 7 };

describe('the restore annotation', () => {
  it('reads what it wrote', () => {
    expect(parseRestoreNote(formatRestoreNote(note))).to.deep.equal(note);
  });

  const damaged = [
    undefined,
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"replicas":3}',
    '{"replicas":"3","lastWritten":5,"configuration":"uid"}',
    '{"replicas":-1,"lastWritten":5,"configuration":"uid"}',
    '{"replicas":3,"lastWritten":5.5,"configuration":"uid"}',
    '{"replicas":3,"lastWritten":5,"configuration":null}',
  ];
  for (const text of damaged) {
    it(`does not understand ${text}`, () => {
      expect(parseRestoreNote(text)).to.equal(undefined);
    });
  }

  it('keeps the original while nobody else scales', () => {
    const next = nextRestoreNote(note, { replicas: 5, generation: 8 }, 1, 'uid');
    expect(next).to.deep.equal({
      replicas: 3,
      lastWritten: 1,
      configuration: 'uid',
      generation: 9,
    });
  });

  it('takes what somebody else has set as the new original', () => {
    expect(nextRestoreNote(note, { replicas: 9, generation: 9 }, 1, 'uid').replicas).to.equal(9);
  });

  it('keeps the original when we ended between the note and the scale', () => {
    expect(nextRestoreNote(note, { replicas: 2, generation: 7 }, 1, 'uid').replicas).to.equal(3);
    expect(stillOurs(note, { replicas: 2, generation: 7 })).to.equal(true);
    expect(stillOurs(note, { replicas: 2, generation: 8 })).to.equal(false);
  });
});

describe('nextRestoreNote', () => {
  it('does not leave the same note again when the scale after it met a conflict', () => {
    expect(nextRestoreNote(note, { replicas: 3, generation: 7 }, 5, 'uid')).to.equal(note);
  });
});
