import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

const CLIENT_NODE = '@kubernetes/client-node';

/**
 * client-node does not say that importing its files changes nothing, and without that its models of
 * every kind of object (9 MB) cannot be left out.
 */
export const clientNodeIsPure: Plugin = {
  name: 'client-node-is-pure',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[.@]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const inside = path.startsWith('.') && importer.includes(`/${CLIENT_NODE}/`);
      if (pluginData === CLIENT_NODE || !(inside || path.startsWith(CLIENT_NODE))) return undefined;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: CLIENT_NODE });
      return { ...found, sideEffects: false };
    });
  },
};

/** The documents of the simulated cluster are a fifth of the bundle, whose text is held in memory: a tenth of that when packed. */
export const packedDocuments: Plugin = {
  name: 'packed-documents',
  setup({ onLoad }) {
    onLoad({ filter: /\/openapi\/[^/]+\.json$/ }, async ({ path }) => {
      const packed = brotliCompressSync(await readFile(path)).toString('base64');
      const contents = `import { brotliDecompressSync } from 'node:zlib';
        export default JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString());`;
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Node holds the text of a module in two bytes a character if one of them is not ASCII. esbuild escapes
 * such characters in strings, but leaves them in regular expressions; where they stand is known.
 */
export const asciiExpressions: Plugin = {
  name: 'ascii-expressions',
  setup({ onLoad }) {
    onLoad({ filter: /\/cel-js\/lib\/functions\.js$/ }, async ({ path }) => {
      return { contents: escapeNonAscii(await readFile(path, 'utf8')), loader: 'js' };
    });
  },
};

function escapeNonAscii(text: string): string {
  return text.replace(
    /[^\n -~\t\r]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
