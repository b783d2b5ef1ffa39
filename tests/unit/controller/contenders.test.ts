import { expect } from 'chai';
import fc from 'fast-check';
import { Contenders } from '../../../src/controller/contenders.ts';

describe('Contenders', () => {
  it('lets the oldest win, whatever the order in which they are seen', () => {
    const contender = fc.record({ uid: fc.uuid(), createdAt: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(contender, { selector: ({ uid }) => uid, minLength: 1 }),
        (all) => {
          const contenders = new Contenders();
          for (const one of all) contenders.add('web', one);
          const oldest = [...all].sort(
            (a, b) => a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1),
          );
          expect(contenders.winner('web')).to.equal(oldest[0]);
          expect(contenders.losers('web')).to.deep.equal(oldest.slice(1));
          for (const one of oldest) {
            expect(contenders.winner('web')).to.equal(one);
            contenders.remove('web', one);
          }
          expect(contenders.winner('web')).to.equal(undefined);
        },
      ),
    );
  });

  it('keeps deployments apart', () => {
    const contenders = new Contenders();
    const one = { uid: 'a', createdAt: 1 };
    const other = { uid: 'b', createdAt: 2 };
    contenders.add('web', one);
    contenders.add('constructor', other);
    expect(contenders.winner('web')).to.equal(one);
    expect(contenders.winner('constructor')).to.equal(other);
    contenders.remove('web', other);
    expect(contenders.winner('web')).to.equal(one);
  });
});
