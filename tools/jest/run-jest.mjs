// Runs Jest as a child and counts what it found.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

/** Nest is ESM only, so Jest must load ES modules, which Node still calls experimental. */
const NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

/** Runs Jest with its output shown; resolves to its exit code. A signal to us is passed on to it. */
export function runJest(args) {
  const env = { ...process.env, NODE_OPTIONS };
  const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...args], { cwd: root, env, stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  return new Promise((done) => {
    child.on('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, pass);
      done(code ?? 1);
    });
  });
}

/**
 * `{passed, failed}` of a Jest summary. A file that could not be loaded is one failure, and so is each test that did not run:
 * nothing may be skipped. A run that failed as a whole (no summary, no tests, a failed set-up) has at least one failure.
 */
export function countTests(summary, exitCode) {
  if (!summary) return { passed: 0, failed: 1 };
  const notRun = summary.numPendingTests + summary.numTodoTests;
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites + notRun;
  return { passed: summary.numPassedTests, failed: Math.max(failed, exitCode === 0 && summary.numTotalTests > 0 ? 0 : 1) };
}

/** Runs these Jest projects and returns their `{passed, failed}`. */
export async function countProjects(projects, args = []) {
  const file = join(root, `.data/jest-${projects.join('-')}.json`);
  mkdirSync(join(root, '.data'), { recursive: true });
  rmSync(file, { force: true });
  const code = await runJest([...args, '--json', `--outputFile=${file}`, '--selectProjects', ...projects]);
  return countTests(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, code);
}
