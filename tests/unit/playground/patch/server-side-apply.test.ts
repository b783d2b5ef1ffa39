import { expect } from 'chai';
import type { Json, JsonObject } from '../../../../src/playground/patch/json.ts';
import { apply, created, failure, fieldsOf, LATER, object, two, update } from './thing.ts';

describe('server-side apply', () => {
  it('creates an object that is owned by who applied it', () => {
    const live = apply(undefined, object({ replicas: 1 }, { labels: { l: '1' } }));
    expect(live.spec).to.deep.equal({ replicas: 1 });
    expect(Object(live.metadata).managedFields).to.deep.equal([
      {
        manager: 'm1',
        operation: 'Apply',
        apiVersion: 'x/v1',
        time: LATER,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { 'f:l': {} } }, 'f:spec': { 'f:replicas': {} } },
      },
    ]);
  });

  it('shares fields of which both want the same', () => {
    const live = apply(created(two), object({ replicas: 2 }));
    expect(fieldsOf(live, 'm1')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    expect(fieldsOf(live, 'creator')).to.have.nested.property('f:spec.f:replicas');
  });

  it('names manager and field of a conflict', () => {
    const error = failure(() => apply(created(two), object({ replicas: 3 })));
    expect(error).to.include({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "creator" using x/v1: .spec.replicas',
    });
    expect(error.causes).to.deep.equal([
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "creator" using x/v1',
        field: '.spec.replicas',
      },
    ]);
  });

  it('names all fields of several conflicts, and a subresource', () => {
    const live = update(created(two), { spec: { replicas: 4 } }, 'scaler', 'scale');
    const wanted = object({ replicas: 5, containers: [{ name: 'a', image: 'other' }] });
    expect(failure(() => apply(live, wanted)).message).to.equal(
      'Apply failed with 2 conflicts: conflicts with "creator" using x/v1:\n- .spec.containers[name="a"].image\nconflicts with "scaler" with subresource "scale" using x/v1:\n- .spec.replicas',
    );
  });

  it('does not say how another one applies', () => {
    const live = apply(created(two), object({ replicas: 3 }), 'm1', true);
    expect(failure(() => apply(live, object({ replicas: 6 }), 'm2')).message).to.equal(
      'Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
    );
  });

  it('takes fields by force', () => {
    const live = apply(created(two), object({ replicas: 3 }), 'm1', true);
    expect(live.spec).to.include({ replicas: 3 });
    expect(fieldsOf(live, 'creator')).to.not.have.nested.property('f:spec.f:replicas');
  });

  it('removes what it applied before and nobody else owns', () => {
    const first = apply(
      created(two),
      object({ containers: [{ name: 'c', image: 'ic' }], paused: true }, { labels: { l: '1' } }),
    );
    const { spec, metadata } = apply(first, object({}));
    expect(spec).to.deep.equal(two);
    expect(metadata).to.not.have.property('labels');
  });

  it('keeps a dropped field that somebody else owns', () => {
    const live = apply(apply(created(two), object({ replicas: 2 })), object({}));
    expect(live.spec).to.include({ replicas: 2 });
  });

  it('removes an item together with defaults that nobody owns', () => {
    const first = apply(created(two), object({ containers: [{ name: 'c' }] }));
    const defaulted: JsonObject = {
      ...first,
      spec: {
        ...Object(first.spec),
        containers: [...two.containers, { name: 'c', resources: {} }],
      },
    };
    expect(Object(apply(defaulted, object({})).spec).containers).to.deep.equal(two.containers);
  });

  it('owns the values of a set one by one', () => {
    const first = apply(
      created(two, { finalizers: ['d', 'z'] }),
      object({}, { finalizers: ['k', 'd'] }),
    );
    expect(Object(first.metadata).finalizers).to.deep.equal(['k', 'd', 'z']);
    expect(
      Object(apply(first, object({}, { finalizers: ['d'] })).metadata).finalizers,
    ).to.deep.equal(['d', 'z']);
  });

  it('replaces an atomic list whole, and only by force when it is owned', () => {
    const live = created({ ...two, tolerations: [{ key: 'a' }] });
    const wanted = object({ tolerations: [{ key: 'b' }] });
    expect(failure(() => apply(live, wanted)).causes[0]?.field).to.equal('.spec.tolerations');
    expect(Object(apply(live, wanted, 'm1', true).spec).tolerations).to.deep.equal([{ key: 'b' }]);
  });

  it('takes an omitted key of an item for its default', () => {
    const live = apply(
      created(two),
      object({ containers: [{ name: 'a', ports: [{ port: 80, name: 'web' }] }] }),
    );
    expect(Object(live.spec).containers[0].ports).to.deep.equal([
      { port: 80, protocol: 'TCP', name: 'web' },
    ]);
  });

  // Recorded from an API server of 1.34.
  const orders = [
    ['ca', 'xay', 'cxay'],
    ['cxay', 'yxw', 'cayxw'],
    ['cayxw', 'wuc', 'ayxwuc'],
  ] as const;
  for (const [live, applied, expected] of orders) {
    it(`brings ${applied}, applied to ${live}, into the order ${expected}`, () => {
      const containers = (names: string) => [...names].map((name) => ({ name }));
      const result = apply(
        created({ containers: containers(live) }),
        object({ containers: containers(applied) }),
      );
      expect(Object(result.spec).containers).to.deep.equal(containers(expected));
    });
  }

  it('returns the same object when there is nothing to do', () => {
    const live = apply(created(two), object({ replicas: 2 }));
    expect(apply(live, object({ replicas: 2 }))).to.equal(live);
  });

  it('gives what was there before anybody kept account to an owner of its own', () => {
    const live = object(two);
    expect(failure(() => apply(live, object({ replicas: 9 }))).message).to.contain(
      'conflict with "before-first-apply" using x/v1: .spec.replicas',
    );
  });

  it('lets kubectl go over from client-side apply without force', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object({ replicas: 2 })),
    };
    const live = created(two, { annotations });
    expect(apply(live, object({ replicas: 5 }), 'kubectl').spec).to.include({ replicas: 5 });
    expect(failure(() => apply(live, object({ replicas: 5 }), 'other')).code).to.equal(409);
    expect(
      failure(() => apply(live, object({ containers: [{ name: 'a', image: 'q' }] }), 'kubectl'))
        .code,
    ).to.equal(409);
  });

  it('refuses managedFields in what is applied', () => {
    expect(failure(() => apply(created(two), object({}, { managedFields: [] })))).to.include({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
  });

  const untyped: readonly (readonly [Json, string])[] = [
    [{ foo: 1, strategy: { bar: 1 } }, '.spec.foo: field not declared in schema'],
    [{ replicas: '5' }, '.spec.replicas: expected numeric (int or float), got string'],
    [{ strategy: 3 }, '.spec.strategy: expected map, got &{3}'],
    [{ selector: [1] }, '.spec.selector: expected map, got &{[1]}'],
    [{ paused: 'x' }, '.spec.paused: expected boolean, got &{x}'],
    [
      { strategy: { type: 3 } },
      '.spec.strategy.type: expected string, got &value.valueUnstructured{Value:3}',
    ],
    [
      { containers: [{ name: 'a' }, { name: 'a' }] },
      '.spec.containers: duplicate entries for key [name="a"]',
    ],
    [
      { paused: 'x', replicas: 'y' },
      'errors:\n  .spec.paused: expected boolean, got &{x}\n  .spec.replicas: expected numeric (int or float), got string',
    ],
  ];
  for (const [spec, problem] of untyped) {
    it(`refuses ${JSON.stringify(spec)} as the API server does`, () => {
      const error = failure(() => apply(undefined, object(Object(spec))));
      expect(error).to.include({
        code: 500,
        message: `failed to create typed patch object (/t; x/v1, Kind=Thing): ${problem}`,
      });
    });
  }
});
