import { chmod, rm } from 'node:fs/promises';
import { build, type Plugin } from 'esbuild';

/** Where to: `node scripts/build.ts [DIRECTORY]`. It is emptied first. */
const directory = process.argv[2] ?? 'dist';
const outfile = `${directory}/chaos-monkey.js`;

const CLIENT_NODE = '@kubernetes/client-node';

/**
 * client-node does not say that importing its files changes nothing, and without that its models of
 * every kind of object (9 MB) cannot be left out.
 */
const clientNodeIsPure: Plugin = {
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

/**
 * Bundles the program into one file that needs nothing but Node 24, with a source map beside it. What a
 * command imports lazily is in the file, but runs only when it is asked for.
 */
await rm(directory, { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  treeShaking: true,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'linked',
  plugins: [clientNodeIsPure],
  // CommonJS packages call these, which an ES module has not.
  banner: {
    js: [
      "import { createRequire as createRequireOfBundle } from 'node:module';",
      'const require = createRequireOfBundle(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join('\n'),
  },
  logLevel: 'warning',
});
await chmod(outfile, 0o755);
