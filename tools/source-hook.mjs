// Runs the TypeScript sources directly, no build step:
//   node --conditions=@trunkline/source --import ./tools/source-hook.mjs apps/api/src/main.ts
// Compiled text is cached by content, so a second start compiles nothing.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const cache = join(root, 'node_modules/.cache/swc-source');
mkdirSync(cache, { recursive: true });
const options = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
delete options.jsc.rewriteRelativeImportExtensions;
const salt = process.versions.node + JSON.stringify(options);
const require = createRequire(import.meta.url);
let swc;

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context);
    const file = fileURLToPath(url);
    const text = readFileSync(file, 'utf8');
    const hit = join(cache, `${createHash('sha1').update(salt).update(file).update(text).digest('hex')}.mjs`);
    let source;
    try {
      source = readFileSync(hit, 'utf8');
    } catch {
      swc ??= require('@swc/core');
      source = swc.transformSync(text, { ...options, filename: file, swcrc: false, sourceMaps: 'inline' }).code;
      writeFileSync(`${hit}.${process.pid}`, source); // two processes may start at once: never let one read half a file
      renameSync(`${hit}.${process.pid}`, hit);
    }
    return { format: 'module', source, shortCircuit: true };
  },
});
