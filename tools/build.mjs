// `npm run build`: compiles every src and agent folder to a dist beside it, which is what `exports.default` points at.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { transform } from '@swc/core';
import { root } from './bootstrap.mjs';

const swc = { ...JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')), swcrc: false };

/** `libs/x/src/a.ts` → `libs/x/dist/a.js`, `apps/edge/agent/main.ts` → `apps/edge/dist/agent/main.js`. */
export const outputOf = (file) => file.replace('/src/', '/dist/').replace('/agent/', '/dist/agent/').replace(/\.ts$/, '.js');

async function compile(file) {
  const out = join(root, outputOf(file));
  const { code, map } = await transform(readFileSync(join(root, file), 'utf8'), { ...swc, filename: file, sourceFileName: file });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${code}\n//# sourceMappingURL=${basename(out)}.map`);
  writeFileSync(`${out}.map`, map);
}

/** Compiles everything anew; returns the number of files. */
export async function build() {
  for (const dist of globSync('{libs,apps}/*/dist', { cwd: root })) rmSync(join(root, dist), { recursive: true });
  const files = globSync('{libs,apps}/*/{src,agent}/**/*.ts', { cwd: root, exclude: (file) => file.endsWith('.spec.ts') });
  await Promise.all(files.map(compile));
  return files.length;
}

if (import.meta.main) console.log(`built ${await build()} files`);
