// Generates the Prisma client and the API client when what they come from changed since the last time: `npm run generate`.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './bootstrap.mjs';
import { withLock } from './file-lock.mjs';

function generatePrisma() {
  // `generate` needs no engine, yet looks for one to download: any executable satisfies it
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  const run = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], { cwd: root, env, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`prisma generate failed:\n${run.stdout}${run.stderr}`);
}

/** `{name, inputs, output, make}`: `output` is a file that `make` writes from `inputs`, which are paths or globs. */
const PARTS = [
  {
    name: 'prisma-client',
    inputs: ['package-lock.json', 'prisma.config.ts', 'prisma/**/*.prisma'],
    output: 'libs/platform/src/db/generated/client.ts',
    make: generatePrisma,
  },
  {
    name: 'api-client',
    inputs: ['package-lock.json', 'docs/openapi.json', 'tools/generate-client.mjs'],
    output: 'libs/client/src/generated/operations.ts',
    make: async () => (await import('./generate-client.mjs')).generateClient(),
  },
];

const filesOf = (inputs) => inputs.flatMap((input) => globSync(input, { cwd: root }).sort());

/** Every file that something is generated from, below the root. */
export const inputsOfAll = () => filesOf(PARTS.flatMap(({ inputs }) => inputs));

function hashOf(inputs) {
  const files = filesOf(inputs);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function refresh({ name, inputs, output, make }) {
  const stamp = join(root, `node_modules/.cache/trunkline/${name}.sha256`);
  const hash = hashOf(inputs);
  if (existsSync(join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return [];
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  return [name];
}

/** Throws with the generator's own words when an input is wrong. Returns the names of what it generated: none when all was current. */
export function generate() {
  return withLock(join(root, '.data/generate.lock'), async () => {
    const made = [];
    for (const part of PARTS) made.push(...(await refresh(part)));
    return made;
  });
}

if (import.meta.main) {
  const made = await generate();
  console.log(made.length > 0 ? `generated ${made.join(', ')}` : 'the generated clients are current');
}
