import { runBenches } from './run-benches.ts';

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());
// A reader that goes away (`… | head`) ends it too.
process.stdout.on('error', () => ending.abort());
process.exitCode = await runBenches(process.argv.slice(2), process.stdout, ending.signal);
