import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { version } from '../../../src/version.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (name: string) => readFile(new URL(name, ROOT), 'utf8');

describe('the Dockerfile', () => {
  /** Of the last stage, which is what runs. */
  const instructions = async () => {
    const text = (await read('Dockerfile')).replaceAll('\\\n', ' ');
    return text
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.split(/\s+/));
  };
  const lastStage = async () => {
    const all = await instructions();
    return all.slice(all.map(([name]) => name).lastIndexOf('FROM'));
  };

  it('labels the image with the version of the program', async () => {
    expect(await lastStage()).to.deep.include(['ARG', `VERSION=${version}`]);
  });

  it('runs without rights, ends by SIGTERM and leaves health to the cluster', async () => {
    const stage = await lastStage();
    expect(stage).to.deep.include(['USER', '1999:1999']);
    expect(stage).to.deep.include(['STOPSIGNAL', 'SIGTERM']);
    expect(stage.map(([name]) => name)).not.to.include('HEALTHCHECK');
  });

  it('needs no shell: the entry point is the program, and nothing is run in the last stage', async () => {
    const stage = await lastStage();
    expect(stage.map(([name]) => name)).not.to.include('RUN');
    const entry =
      stage
        .find(([name]) => name === 'ENTRYPOINT')
        ?.slice(1)
        .join(' ') ?? '';
    expect(JSON.parse(entry)).to.deep.equal(['/opt/chaos-monkey/chaos-monkey.mjs']);
  });

  it('copies only what is there and what .dockerignore lets through', async () => {
    const through = (await read('.dockerignore')).match(/(?<=^!)\S+/gm);
    const copies = (await instructions()).filter(
      ([name, from = '']) => name === 'COPY' && !from.startsWith('--from'),
    );
    const sources = copies.flatMap((words) => words.slice(1, -1));
    expect(new Set(sources)).to.deep.equal(new Set(through));
    for (const source of sources) expect(existsSync(new URL(source, ROOT)), source).to.equal(true);
  });
});
