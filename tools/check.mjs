// `npm run check`: format, types, lint and the guards; each counts as one check. `npm test` runs them beside the SIP tests.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './bootstrap.mjs';
import { generate } from './generate.mjs';
import { lint } from './lint.mjs';

/** Runs a package's program; its whole output is the one fault when it fails. */
function faultsOf(entry, args) {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('node_modules', entry), ...args], options);
  return status === 0 ? [] : [`${stdout}${stderr}`.trimEnd()];
}

const guardFiles = () => readdirSync(join(root, 'tools/guards')).filter((name) => name.endsWith('.mjs')).sort(); // prettier-ignore

async function guard(file) {
  const { check } = await import(pathToFileURL(join(root, 'tools/guards', file)).href);
  return await check();
}

/** `{name, run() → faults}` in the order they run, quick ones first. A guard is a file of tools/guards that exports `check()`. */
function checks() {
  return [
    { name: 'format', run: () => faultsOf('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']) },
    { name: 'types', run: () => faultsOf('typescript/bin/tsc', ['-p', 'tsconfig.json']) },
    {
      name: "types of the decision, with ES5's library",
      run: () => faultsOf('typescript/bin/tsc', ['-p', 'libs/edge-core/tsconfig.edge.json']),
    },
    { name: 'lint', run: lint },
    ...guardFiles().map((file) => ({ name: `guard ${file.replace('.mjs', '')}`, run: () => guard(file) })),
  ];
}

async function faultsOfCheck({ run }) {
  try {
    return await run();
  } catch (e) {
    return [e.stack];
  }
}

/** Runs all checks, one line each and the faults below it. Returns `{passed, failed}`. */
export async function check() {
  const count = { passed: 0, failed: 0 };
  for (const one of checks()) {
    const started = performance.now();
    const faults = await faultsOfCheck(one);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${one.name} (${seconds} s)`);
    for (const fault of faults) console.log(fault);
    count[faults.length === 0 ? 'passed' : 'failed']++;
  }
  return count;
}

if (import.meta.main) {
  await generate();
  const { failed } = await check();
  process.exitCode = failed > 0 ? 1 : 0;
}
