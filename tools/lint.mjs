// `npm run lint`: first Nx's project graph, then ESLint. Without a graph the boundary rule would skip every file in silence.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const graphFile = join(root, '.data/graph.json');
const run = (entry, args) =>
  spawnSync(process.execPath, [entry, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NX_DAEMON: 'false' },
  });

/** Builds the project graph that the boundary rule reads. Returns the faults: none when it stands and has edges. */
export function buildGraph() {
  mkdirSync(join(root, '.data'), { recursive: true });
  rmSync(graphFile, { force: true });
  const { status, stdout, stderr } = run('node_modules/nx/dist/bin/nx.js', ['graph', `--file=${graphFile}`]);
  if (status !== 0) return [`nx graph failed:\n${stdout}${stderr}`];
  const { dependencies } = JSON.parse(readFileSync(graphFile, 'utf8')).graph;
  const edges = Object.values(dependencies).flat();
  return edges.length > 0 ? [] : ['the project graph has no edges, so no import would be checked'];
}

/** Returns the faults of the whole repository. */
export function lint() {
  const faults = buildGraph();
  if (faults.length > 0) return faults;
  const { status, stdout, stderr } = run('node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0']);
  if (/project graph/i.test(stderr)) return [stderr];
  return status === 0 ? [] : [`${stdout}${stderr}`];
}

if (import.meta.main) {
  const faults = lint();
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
