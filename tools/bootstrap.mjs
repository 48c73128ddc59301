// The first thing both commands run, on whatever Node the machine has: it makes sure that node_modules is there and whole, and
// then goes on under the Node that package.json pins. Nothing here may import a package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './file-lock.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const bin = join(root, 'node_modules/.bin');
const pinned = join(bin, 'node');
const LEAST_NODE = 20;

// Debian's PATH of a user who is not root has no folder of system programs, of which Kamailio is one
const path = (process.env.PATH ?? '').split(delimiter);
process.env.PATH = [...path, ...['/usr/sbin', '/sbin'].filter((dir) => !path.includes(dir))].join(delimiter);

/** The packages of package-lock.json that `npm ci` has not installed as the lock says. Optional ones depend on the platform. */
export function missingPackages(lock, installed) {
  const same = (wanted, found) => found !== undefined && wanted.version === found.version && wanted.integrity === found.integrity;
  return Object.keys(lock.packages).filter((path) => {
    const wanted = lock.packages[path];
    return path.startsWith('node_modules/') && !wanted.optional && !same(wanted, installed.packages[path]);
  });
}

function isInstalled() {
  try {
    const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
    // npm writes this second file at the very end of an installation: when it agrees, nothing was interrupted
    return missingPackages(read('package-lock.json'), read('node_modules/.package-lock.json')).length === 0 && existsSync(pinned);
  } catch {
    return false;
  }
}

const fail = (line) => {
  console.error(line);
  process.exit(1);
};

function install() {
  // npm replaces node_modules, so it must not run on the Node inside it
  const path = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dir.endsWith('node_modules/.bin'));
  const env = { ...process.env, PATH: path.join(delimiter) };
  if (spawnSync('npm', ['--version'], { env }).status !== 0)
    fail('Trunkline needs npm to install its packages, and there is none in PATH.');
  console.log('Installing npm packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) fail(`npm ci failed (exit ${status}): the lines above say why.`);
}

async function installOnce() {
  if (isInstalled()) return;
  const onWait = (holder) => console.log(`Waiting for process ${holder?.pid}, which is installing the npm packages …`);
  await withLock(join(root, '.data/npm-ci.lock'), () => isInstalled() || install(), onWait);
}

/** Runs the same command on the pinned Node, passes signals on and ends as it ends. Never returns. */
function continueOnPinnedNode() {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(pinned, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (e) => fail(`Cannot run the pinned Node ${pinned}: ${e.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
  return new Promise(() => {});
}

/** Returns on the pinned Node with all packages installed, in the repository's root folder with its programs first in PATH. */
export async function bootstrap() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < LEAST_NODE) fail(`Trunkline needs Node ${LEAST_NODE} or newer to start; this is ${process.version}.`);
  await installOnce();
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node;
  if (major < Number(wanted.split('.')[0])) await continueOnPinnedNode();
  process.chdir(root);
  if (!process.env.PATH?.startsWith(bin)) process.env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;
}
