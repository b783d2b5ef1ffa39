import { Writable } from 'node:stream';

/** A stream that keeps what is written to it, as a terminal or not. */
export class Capture extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor({ isTTY = false }: { readonly isTTY?: boolean } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: unknown, done: () => void): void {
    this.text += String(chunk);
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}
