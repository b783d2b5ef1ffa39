import { expect } from 'chai';
import fc from 'fast-check';
import { decodeObject } from '../../../../src/playground/protobuf/decode.ts';

const bytes = (number: number, content: Buffer | string) => {
  const body = Buffer.from(content);
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
};
const int = (number: number, value: number) => Buffer.concat([varint(number << 3), varint(value)]);

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest < 0x80n) return Buffer.from([...out, low]);
    out.push(low | 0x80);
  }
}

const object = (apiVersion: string, kind: string, raw: Buffer) =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    bytes(1, Buffer.concat([bytes(1, apiVersion), bytes(2, kind)])),
    bytes(2, raw),
  ]);

describe('an object in protobuf', () => {
  it('reads as it would in JSON', () => {
    const entry = Buffer.concat([bytes(1, 'app'), bytes(2, 'web')]);
    const metadata = Buffer.concat([
      bytes(1, 'web'),
      bytes(3, ''),
      bytes(8, ''),
      bytes(11, entry),
      bytes(14, 'one'),
      bytes(14, 'two'),
    ]);
    const volume = Buffer.concat([bytes(1, 'v'), bytes(2, bytes(2, ''))]);
    const limit = Buffer.concat([bytes(1, 'cpu'), bytes(2, bytes(1, '100m'))]);
    const container = Buffer.concat([bytes(1, 'c'), bytes(2, 'x'), bytes(8, bytes(1, limit))]);
    const template = bytes(2, Buffer.concat([bytes(1, volume), bytes(2, container)]));
    const percent = Buffer.concat([int(1, 1), int(2, 0), bytes(3, '25%')]);
    const strategy = Buffer.concat([bytes(1, 'RollingUpdate'), bytes(2, bytes(1, percent))]);
    const spec = Buffer.concat([int(1, 0), bytes(3, template), bytes(4, strategy), int(5, 0)]);
    const raw = Buffer.concat([bytes(1, metadata), bytes(2, spec), bytes(3, '')]);
    expect(decodeObject(object('apps/v1', 'Deployment', raw))).to.deep.equal({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', labels: { app: 'web' }, finalizers: ['one', 'two'] },
      spec: {
        replicas: 0,
        template: {
          spec: {
            volumes: [{ name: 'v', emptyDir: {} }],
            containers: [{ name: 'c', image: 'x', resources: { limits: { cpu: '100m' } } }],
          },
        },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } },
      },
    });
  });

  it('has times, bytes and negative numbers', () => {
    const time = Buffer.concat([int(1, 1_767_225_600), int(2, 123_456_789)]);
    const lease = Buffer.concat([int(2, -5), bytes(4, time)]);
    expect(
      decodeObject(object('coordination.k8s.io/v1', 'Lease', bytes(2, lease))),
    ).to.deep.include({
      spec: { leaseDurationSeconds: -5, renewTime: '2026-01-01T00:00:00.123456Z' },
    });
    const data = Buffer.concat([bytes(1, 'key'), bytes(2, 'text')]);
    expect(decodeObject(object('v1', 'Secret', bytes(2, data)))).to.deep.include({
      data: { key: 'dGV4dA==' },
    });
  });

  it('of an unknown kind is refused', () => {
    expect(() => decodeObject(object('v1', 'Nothing', Buffer.alloc(0)))).to.throw(
      RangeError,
      'no protobuf of Nothing of v1 is known',
    );
  });

  it('that is none is refused, never read past its end', () => {
    expect(() => decodeObject(Buffer.from('{}'))).to.throw(RangeError, 'expected prefix');
    fc.assert(
      fc.property(fc.uint8Array(), (raw) => {
        try {
          decodeObject(object('v1', 'Pod', Buffer.from(raw)));
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }),
    );
  });
});
