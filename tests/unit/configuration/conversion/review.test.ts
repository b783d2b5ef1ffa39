import { expect } from 'chai';
import fc from 'fast-check';
import { answerConversionReview } from '../../../../src/configuration/conversion/review.ts';

const V1 = 'cm.massix.github.io/v1';
const V1ALPHA1 = 'cm.massix.github.io/v1alpha1';

function configuration(apiVersion: string, name: string, spec: unknown = {}) {
  return {
    apiVersion,
    kind: 'ChaosMonkeyConfiguration',
    metadata: { name, namespace: 'shop', uid: name },
    spec,
  };
}

function review(objects: unknown, desiredAPIVersion: unknown = V1) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    request: { uid: 'r-1', desiredAPIVersion, objects },
  };
}

function failureOf(body: unknown, uid: string): string | undefined {
  const answer = answerConversionReview(body);
  expect(answer).to.include({ kind: 'ConversionReview', apiVersion: 'apiextensions.k8s.io/v1' });
  expect(answer.response).to.deep.include({ uid, convertedObjects: [] });
  expect(answer.response.result.status).to.equal('Failure');
  return answer.response.result.message;
}

describe('answerConversionReview', () => {
  it('answers with the objects in their order, each in the wanted version', () => {
    const objects = [
      configuration(V1ALPHA1, 'a', { deploymentName: 'x', podMode: false }),
      configuration(V1, 'b'),
      configuration(V1ALPHA1, 'c', { deploymentName: 'y' }),
    ];
    const { response, ...envelope } = answerConversionReview(review(objects));
    expect(envelope).to.deep.equal({
      kind: 'ConversionReview',
      apiVersion: 'apiextensions.k8s.io/v1',
    });
    expect(response).to.deep.include({ uid: 'r-1', result: { status: 'Success' } });
    expect(
      response.convertedObjects.map(({ apiVersion, metadata }) => [apiVersion, metadata]),
    ).to.deep.equal(objects.map(({ metadata }) => [V1, metadata]));
    expect(response.convertedObjects[0]).to.have.nested.property('spec.scalingMode', 'randomScale');
    expect(response.convertedObjects[1]).to.equal(objects[1]);
  });

  it('answers an empty list with an empty list', () => {
    expect(answerConversionReview(review([])).response).to.deep.equal({
      uid: 'r-1',
      result: { status: 'Success' },
      convertedObjects: [],
    });
  });

  it('converts v1 objects without a single field, so that no list fails by one of them', () => {
    const { response } = answerConversionReview(
      review([configuration(V1, 'a'), configuration(V1, 'b', undefined)], V1ALPHA1),
    );
    expect(response.result.status).to.equal('Success');
    expect(response.convertedObjects).to.have.length(2);
  });

  it('names each object that cannot be converted', () => {
    const objects = [
      configuration(V1ALPHA1, 'a', { timeout: 3 }),
      configuration(V1ALPHA1, 'b'),
      { ...configuration(V1ALPHA1, 'c'), kind: 'Pod' },
    ];
    expect(failureOf(review(objects), 'r-1')).to.equal(
      'Failed to convert: shop/a: spec.timeout: expected a text, got 3\nshop/c: Wrong Kind: Pod',
    );
  });

  it('names ten of many', () => {
    const objects = Array.from({ length: 25 }, (_, n) => configuration('v2', `web-${n}`));
    const lines = failureOf(review(objects), 'r-1')?.split('\n');
    expect(lines).to.have.length(11);
    expect(lines?.at(-1)).to.equal('and 15 more');
  });

  const unreadable: readonly (readonly [string, unknown, string, string])[] = [
    ['nothing', undefined, '', 'expected a ConversionReview, got nothing'],
    ['null', null, '', 'expected a ConversionReview, got null'],
    ['a text', 'x', '', 'expected a ConversionReview, got "x"'],
    ['a list', [], '', 'expected a ConversionReview, got []'],
    ['another kind', { ...review([]), kind: 'Pod' }, 'r-1', 'Wrong Kind: Pod'],
    [
      'another version',
      { ...review([]), apiVersion: 'apiextensions.k8s.io/v1beta1' },
      'r-1',
      'Wrong APIVersion: apiextensions.k8s.io/v1beta1',
    ],
    [
      'a request that is null',
      { ...review([]), request: null },
      '',
      'request: expected an object, got null',
    ],
    [
      'no request',
      { ...review([]), request: undefined },
      '',
      'request: expected an object, got nothing',
    ],
    [
      'no uid',
      { ...review([]), request: { objects: [] } },
      '',
      'request.uid: expected a text, got nothing',
    ],
    ['no objects', review(undefined), 'r-1', 'request.objects: expected a list, got nothing'],
    ['objects in a map', review({}), 'r-1', 'request.objects: expected a list, got {}'],
    [
      'no wanted version',
      review([], null),
      'r-1',
      'request.desiredAPIVersion: expected a text, got null',
    ],
  ];
  for (const [what, body, uid, why] of unreadable) {
    it(`refuses ${what}`, () => {
      expect(failureOf(body, uid)).to.equal(`Failed to decode: ${why}`);
    });
  }

  it('refuses a version that it does not know', () => {
    expect(failureOf(review([], 'cm.massix.github.io/v2'), 'r-1')).to.equal(
      `Failed to convert: desiredAPIVersion: expected ${V1} or ${V1ALPHA1}, got "cm.massix.github.io/v2"`,
    );
  });

  it('never throws, whatever it is asked', () => {
    const objects = fc.array(
      fc.record({
        apiVersion: fc.constantFrom(V1, V1ALPHA1),
        kind: fc.constant('ChaosMonkeyConfiguration'),
        metadata: fc.jsonValue(),
        spec: fc.jsonValue(),
        status: fc.jsonValue(),
      }),
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(objects, fc.constantFrom(V1, V1ALPHA1))
        .map(([list, wanted]) => review(list, wanted)),
    );
    fc.assert(
      fc.property(body, (any) => {
        expect(answerConversionReview(any).response.result.status).to.match(/^(Success|Failure)$/);
      }),
    );
  });

  it('says so instead of throwing when an object is nested too deeply to be written', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
    const message = failureOf(review([configuration(V1, 'a', { deep })], V1ALPHA1), 'r-1');
    expect(message).to.match(/^Failed to convert: Maximum call stack/);
  });
});
