// package-lock.json must name every optional package of every platform. npm writes a lock without those that were not yet published
// when it ran, and later refuses that very lock: `npm ci` fails with "Missing: … from lock file" (npm/cli#9846).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

/** True when the lock has `name` where Node would look it up from the package at `path`: its own node_modules, then each above. */
function isLocked(packages, path, name) {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}/node_modules/${name}`]) return true;
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/** The optional dependencies that a lock lacks, as text. */
export function missingOptional({ packages }) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `package-lock.json lacks ${name}, an optional dependency of ${path}: pin the parent to a version with all siblings`),
  );
}

export function check() {
  const planted = {
    packages: { 'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-darwin': '1' } }, 'node_modules/a-linux': {} },
  };
  if (missingOptional(planted).length !== 1) return ['a lock without one platform is not noticed'];
  return missingOptional(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
}
