// Plays rows of the fault plan in their full form, each by itself, and says of each what was injected, what was counted, and the verdict.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { runJest } from './jest/run-jest.mjs';
import { sweepThrowAway } from './postgres.mjs';
import { ROWS } from './proof-rows.mjs';
import { sweepRedis } from './redis.mjs';
import { prepare } from './test-run.mjs';

const folder = join(root, '.data');
const reportFile = join(folder, 'proof.ndjson');
const resultFile = join(folder, 'proof-jest.json');
const PATIENCE_MS = 20 * 60_000; // for a full form, on a machine that does other things, too
const minutes = (since) => ((performance.now() - since) / 60_000).toFixed(1);

/** Runs these specs one after the other. @returns what Jest and the specs themselves said */
async function run(specs) {
  mkdirSync(folder, { recursive: true });
  for (const file of [reportFile, resultFile]) rmSync(file, { force: true });
  process.env.TRUNKLINE_PROOF = reportFile;
  const options = ['--maxWorkers=1', `--testTimeout=${PATIENCE_MS}`, '--json', `--outputFile=${resultFile}`];
  await runJest([...options, ...specs.flatMap((spec) => ['--runTestsByPath', spec])]);
  const results = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')).testResults : [];
  const reports = existsSync(reportFile) ? readFileSync(reportFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : []; // prettier-ignore
  return { results, reports };
}

/** A row holds when every spec of it ran and passed, and its tests said what they did. */
function holds({ row, specs }, { results, reports }) {
  const passed = specs.every((spec) => results.some(({ name, status }) => name === join(root, spec) && status === 'passed'));
  return passed && reports.some((report) => report.row === row);
}

/** Seconds that its specs took, all of them: two rows that share one both count it. */
const secondsOf = ({ specs }, { results }) =>
  results.filter(({ name }) => specs.some((spec) => name === join(root, spec))).reduce((sum, { startTime, endTime }) => sum + (endTime - startTime) / 1_000, 0); // prettier-ignore

/** @param wanted numbers of rows; none: all. @returns the exit code */
export async function playRows(wanted) {
  const rows = ROWS.filter(({ row }) => wanted.length === 0 || wanted.includes(row));
  if (rows.length === 0 || wanted.some((n) => !ROWS.some(({ row }) => row === n))) {
    console.error(`npm run proof -- [ROW …], with ROW one of: ${ROWS.map(({ row }) => row).join(', ')}`);
    return 2;
  }
  const began = performance.now();
  const noEdge = await prepare();
  if (noEdge) console.log(`The rows that need Kamailio will fail: ${noEdge}`);
  const played = await run([...new Set(rows.flatMap(({ specs }) => specs))]);
  await sweepThrowAway();
  await sweepRedis();
  const failed = rows.filter((row) => !holds(row, played));
  console.log('');
  for (const row of rows) {
    const verdict = failed.includes(row) ? 'FAILS' : 'HOLDS';
    console.log(`${String(row.row).padStart(2)}  ${verdict}  ${row.title} (${Math.round(secondsOf(row, played))} s)`);
    for (const { injected, counted } of played.reports.filter((report) => report.row === row.row)) {
      console.log(`      injected: ${injected}`);
      console.log(`      counted:  ${counted}`);
    }
  }
  console.log(`${rows.length - failed.length} rows hold, ${failed.length} fail; ${minutes(began)} minutes`);
  return failed.length > 0 ? 1 : 0;
}
