// What `npm test` does once it is on the pinned Node with all packages there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './bootstrap.mjs';
import { generate } from './generate.mjs';
import { countProjects, runJest } from './jest/run-jest.mjs';
import { watchNpm } from './npm-parent.mjs';
import { sweepThrowAway } from './postgres.mjs';
import { sweepRedis } from './redis.mjs';
import { TO_TEST, ensureSystemPackages } from './system-packages.mjs';

let stopping = false;

/** Jest ends on a signal without its tear-down: we outlive it, then remove the servers that it leaves in memory. */
function stopWithNpm() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (stopping = true));
  watchNpm(() => process.kill(process.pid, 'SIGTERM'));
}

export async function prepare() {
  stopWithNpm();
  const { edge, reason } = ensureSystemPackages(TO_TEST);
  for (const name of await generate()) console.log(`ok   generated ${name}`);
  return edge ? undefined : reason;
}

/** A worker for each core: Jest keeps one for itself, which on two cores leaves one waiting for Postgres most of the time. */
const EVERY_CORE = ['--maxWorkers=100%'];

/** SIP tests need the cores for themselves, so they come last and one by one, with nothing urgent beside them. */
async function countEdge(noEdge) {
  if (!noEdge) return await countProjects(['edge'], ['--maxWorkers=1']);
  console.log(`FAIL edge: ${noEdge}`);
  return { passed: 0, failed: 1 };
}

const LEAST_URGENT = 19;

/** The checks, beside the SIP tests, which leave a core idle most of the time: they give way to them, and are told when those are done. */
async function countChecks() {
  const child = spawn(process.execPath, [join(root, 'tools/check.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  setPriority(child.pid, LEAST_URGENT);
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const told = (word) => output.match(new RegExp(`^${word} .*\\(\\d+\\.\\d s\\)$`, 'gm'))?.length ?? 0;
  const [passed, failed] = [told('ok  '), told('FAIL')];
  return { output, count: { passed, failed: code === 0 ? failed : Math.max(failed, 1) } };
}

async function countEdgeAndChecks(noEdge) {
  const [edge, checks] = await Promise.all([countEdge(noEdge), countChecks()]);
  console.log(checks.output);
  return { passed: edge.passed + checks.count.passed, failed: edge.failed + checks.count.failed };
}

/** Jest alone with these arguments; returns its exit code. */
export async function testSome(args) {
  const noEdge = await prepare();
  if (noEdge) console.log(`The edge tests will fail: ${noEdge}`);
  const code = await runJest(args);
  await sweepThrowAway();
  await sweepRedis();
  return code;
}

/** Everything. Returns the exit code, 0 when nothing failed. */
export async function testAll() {
  const noEdge = await prepare();
  const steps = [
    () => countProjects(['unit', 'db', 'api'], EVERY_CORE),
    () => countProjects(['redis'], EVERY_CORE),
    () => countEdgeAndChecks(noEdge),
  ];
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    if (stopping) break;
    const { passed, failed } = await step();
    total.passed += passed;
    total.failed += failed;
  }
  await sweepThrowAway();
  await sweepRedis();
  if (stopping) total.failed = Math.max(total.failed, 1);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}
