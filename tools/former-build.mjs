// An earlier commit of this repository as a build that runs beside this one: its sources in a folder of their own, with the packages of this one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPackages, root } from './bootstrap.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, maxBuffer: 1024 ** 3, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr || stdout || error}`);
  return stdout;
}

/** The commit that a ref names. @throws when this clone does not have it */
export const commitOf = (ref) =>
  run('git', ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    .toString()
    .trim();

/** The last commit before the schema changed for the last time. */
export function beforeLastMigration() {
  const last = run('git', ['log', '-1', '--first-parent', '--format=%H', '--', 'prisma/migrations']).toString().trim();
  return commitOf(`${last}^1`);
}

/** Our packages under its name; its own libs, which the links in our `@trunkline` would not be. */
function linkPackages(folder) {
  const ours = join(root, 'node_modules');
  const theirs = join(folder, 'node_modules');
  mkdirSync(join(theirs, '@trunkline'), { recursive: true });
  for (const name of readdirSync(ours).filter((n) => n !== '@trunkline' && n !== '.cache'))
    symlinkSync(join(ours, name), join(theirs, name));
  for (const [path, { link, resolved }] of Object.entries(readJson(join(folder, 'package-lock.json')).packages))
    if (link) symlinkSync(join(folder, resolved), join(folder, path));
}

/** Links packages when all that it runs on is here in its very version, and installs its own otherwise. What only builds and tests may differ. */
function providePackages(folder) {
  const lock = readJson(join(folder, 'package-lock.json'));
  for (const [path, { dev }] of Object.entries(lock.packages)) if (dev) delete lock.packages[path];
  const missing = missingPackages(lock, readJson(join(root, 'node_modules/.package-lock.json')));
  if (missing.length === 0) return linkPackages(folder);
  console.log(`Installing the packages of the former build (${missing.length} of them are others now) …`);
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** @returns `{commit, folder, remove()}`: ready to be run by `source-hook.mjs` in that folder */
export function checkOutFormerBuild(ref) {
  const commit = commitOf(ref);
  const folder = mkdtempSync(join(tmpdir(), 'tl-former-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    run('tar', ['-x', '-C', folder], { input: run('git', ['archive', commit]) });
    providePackages(folder);
    run(process.execPath, ['tools/generate.mjs'], { cwd: folder });
    return { commit, folder, remove };
  } catch (e) {
    remove();
    throw e;
  }
}
