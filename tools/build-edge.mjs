// Builds an edge that runs without node_modules:  node tools/build-edge.mjs OUT
//   OUT/agent/main.mjs   the agent and all it imports      OUT/kamailio/   route files      OUT/decision.js   the call decision
import { build } from 'esbuild';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEdgeBundle } from './build-edge-bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// packages that are still CommonJS call `require` for Node's own modules
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Writes the edge to the folder `out`, which need not exist. */
export async function buildEdge(out) {
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [join(root, 'apps/edge/agent/main.ts')],
    outfile: join(out, 'agent/main.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    conditions: ['@trunkline/source'],
    banner: { js: BANNER },
    logLevel: 'error',
  });
  cpSync(join(root, 'apps/edge/kamailio'), join(out, 'kamailio'), { recursive: true });
  await buildEdgeBundle(join(out, 'decision.js'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out] = process.argv.slice(2);
  if (!out) throw new Error('node tools/build-edge.mjs OUT');
  await buildEdge(out);
}
