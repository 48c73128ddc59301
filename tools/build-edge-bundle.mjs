#!/usr/bin/env node
// Builds the call decision for Kamailio's JavaScript engine (Duktape, ES5):  node tools/build-edge-bundle.mjs [OUT]
// One function expression whose last statement assigns the global, so that a file that fails half way changes nothing.
import { build } from 'esbuild';
import { transformSync } from '@swc/core';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const MAX_BYTES = 128 * 1024; // app_jsdt cuts a longer file off silently

/** Writes the bundle to `outFile` (atomically) and returns that path. */
export async function buildEdgeBundle(outFile = join(root, '.data/edge/decision.js')) {
  const bundled = await build({
    entryPoints: [join(root, 'libs/edge-core/src/kamailio/decide-in-kamailio.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    charset: 'ascii',
    treeShaking: true,
    tsconfigRaw: {},
  });
  const lowered = transformSync(bundled.outputFiles[0].text, {
    jsc: { target: 'es5', parser: { syntax: 'ecmascript' }, output: { charset: 'ascii' } },
    isModule: false,
    swcrc: false,
  });
  const code = `(function () {\n${lowered.code}\n})();\n`;
  if (Buffer.byteLength(code) >= MAX_BYTES)
    throw new Error(`the decision bundle has ${Buffer.byteLength(code)} bytes; the limit is ${MAX_BYTES}`);
  mkdirSync(dirname(outFile), { recursive: true });
  writeFileSync(`${outFile}.${process.pid}`, code);
  renameSync(`${outFile}.${process.pid}`, outFile);
  return outFile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildEdgeBundle(process.argv[2]));
