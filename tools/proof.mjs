// `npm run proof`: plays the rows of the fault plan (docs/proof.md) in their full form, one after the other, and prints of each what was
// injected, what was counted and the verdict.   npm run proof -- 1 9   plays these rows alone.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

await bootstrap();
const { runJest } = await import('./jest/run-jest.mjs');
const { prepare } = await import('./test-run.mjs');
const { sweepThrowAway } = await import('./postgres.mjs');
const { sweepRedis } = await import('./redis.mjs');
const { ROWS } = await import('./proof-rows.mjs');

const wanted = process.argv.slice(2).map(Number);
const rows = ROWS.filter(({ row }) => wanted.length === 0 || wanted.includes(row));
if (rows.length === 0) {
  console.error(`npm run proof -- [ROW …], with ROW one of: ${ROWS.map(({ row }) => row).join(', ')}`);
  process.exit(2);
}

const folder = join(root, '.data');
mkdirSync(folder, { recursive: true });
const reportFile = join(folder, 'proof.ndjson');
const resultFile = join(folder, 'proof-jest.json');
for (const file of [reportFile, resultFile]) rmSync(file, { force: true });

const noEdge = await prepare();
if (noEdge) console.log(`The rows that need Kamailio will fail: ${noEdge}`);
process.env.TRUNKLINE_PROOF = reportFile;
const began = performance.now();
const specs = [...new Set(rows.flatMap(({ specs }) => specs))];
await runJest(['--maxWorkers=1', '--json', `--outputFile=${resultFile}`, ...specs.flatMap((spec) => ['--runTestsByPath', spec])]);
await sweepThrowAway();
await sweepRedis();

const results = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')).testResults : [];
const reports = existsSync(reportFile) ? readFileSync(reportFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : []; // prettier-ignore

/** A row holds when every spec of it ran and passed, and its tests said what they did. */
function verdict({ row, specs }) {
  const passed = specs.every((spec) => results.some(({ name, status }) => name === join(root, spec) && status === 'passed'));
  return passed && reports.some((report) => report.row === row);
}

let failed = 0;
console.log('');
for (const row of rows) {
  const holds = verdict(row);
  if (!holds) failed += 1;
  console.log(`${String(row.row).padStart(2)}  ${holds ? 'HOLDS' : 'FAILS'}  ${row.title}`);
  for (const { injected, counted } of reports.filter((report) => report.row === row.row)) {
    console.log(`      injected: ${injected}`);
    console.log(`      counted:  ${counted}`);
  }
}
console.log(`${rows.length - failed} rows hold, ${failed} fail; ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
process.exitCode = failed > 0 ? 1 : 0;
