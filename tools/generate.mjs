// Generates the Prisma client when the schema changed since the last time: `npm run generate`.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './bootstrap.mjs';
import { withLock } from './file-lock.mjs';

const stamp = join(root, 'node_modules/.cache/trunkline/prisma-client.sha256');
const client = join(root, 'libs/platform/src/db/generated/client.ts');

function inputsHash() {
  const files = ['package-lock.json', 'prisma.config.ts', ...globSync('prisma/**/*.prisma', { cwd: root }).sort()];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Throws with Prisma's own words when the schema is wrong. Returns true when it generated, false when all was current. */
export function generate() {
  return withLock(join(root, '.data/generate.lock'), () => {
    const hash = inputsHash();
    if (existsSync(client) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
    // `generate` needs no engine, yet looks for one to download: any executable satisfies it
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
    const run = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], { cwd: root, env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`prisma generate failed:\n${run.stdout}${run.stderr}`);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
    return true;
  });
}

if (import.meta.main) console.log((await generate()) ? 'generated the Prisma client' : 'the Prisma client is current');
