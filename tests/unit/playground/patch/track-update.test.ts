import { expect } from 'chai';
import { created, fieldsOf, LATER, two, update } from './thing.ts';

describe('owners of fields', () => {
  it('gives a creator every field, containers only where the type may lack them', () => {
    expect(fieldsOf(created(two, { labels: { l: '1' } }), 'creator')).to.deep.equal({
      'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:containers': {
          'k:{"name":"a"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:ports': {
              '.': {},
              'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} },
            },
          },
        },
      },
    });
  });

  it('moves a field to whoever updates it last, and forgets one that is removed', () => {
    const live = update(created(two, { labels: { l: '1', m: '2' } }), {
      spec: { replicas: 3 },
      metadata: { labels: { m: null } },
    });
    expect(fieldsOf(live, 'patcher')).to.deep.equal({ 'f:spec': { 'f:replicas': {} } });
    expect(fieldsOf(live, 'creator'))
      .to.have.nested.property('f:metadata.f:labels')
      .that.deep.equals({ '.': {}, 'f:l': {} });
    expect(fieldsOf(live, 'creator')).to.not.have.nested.property('f:spec.f:replicas');
  });

  it('keeps what changed through a subresource apart', () => {
    const live = update(created(two), { spec: { replicas: 3 } }, 'scaler', 'scale');
    expect(Object(live.metadata).managedFields[1]).to.include({
      manager: 'scaler',
      operation: 'Update',
      subresource: 'scale',
      time: LATER,
    });
  });

  it('keeps everything as it is when nothing changes', () => {
    const live = created(two);
    expect(update(live, {}, 'somebody')).to.deep.equal(live);
  });

  it('forgets all owners when asked by one empty entry', () => {
    expect(
      update(created(two), { metadata: { managedFields: [{}] } }).metadata,
    ).to.not.have.property('managedFields');
  });

  it('keeps the owners when a client sends none, or nonsense', () => {
    const live = created(two);
    for (const managedFields of [null, [], [{ operation: 'Frob' }]] as const) {
      expect(fieldsOf(update(live, { metadata: { managedFields } }), 'creator')).to.deep.equal(
        fieldsOf(live, 'creator'),
      );
    }
  });
});
