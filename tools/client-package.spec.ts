import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tl-pack-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const run = (command: string, args: readonly string[], cwd = home): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
};

const PROGRAM = `import { Trunkline, TrunklineError, allOf } from '@trunkline/client';
import { OPERATIONS } from '@trunkline/client/operations';
const api = new Trunkline({ baseUrl: 'http://127.0.0.1:9', apiKey: 'k', retriesMax: 0 });
const error = await api.getBalance().catch((e) => e);
console.log(error instanceof TrunklineError, error.code, typeof allOf, OPERATIONS.some((o) => o.id === 'createTrunk'));
`;
const TYPED = `import { Trunkline } from '@trunkline/client';
import type { Trunk } from '@trunkline/client';
const api = new Trunkline({ baseUrl: 'http://127.0.0.1:9', apiKey: 'k' });
export const made: Promise<Trunk> = api.createTrunk({ body: { name: 'A', country: 'US', channels_max: 1 } });
// @ts-expect-error a trunk has a country
void api.createTrunk({ body: { name: 'A', channels_max: 1 } });
// @ts-expect-error there is no such field
export const none = async () => (await made).chanels_max;
`;

it('is a package that any ES module can import, with its types and nothing else', () => {
  run('npm', ['pack', '--pack-destination', home, '--silent'], 'libs/client');
  const files = run('tar', ['tzf', 'trunkline-client-0.1.0.tgz']).trim().split('\n').map((file) => file.replace('package/', '')); // prettier-ignore
  expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/operations.js']));
  expect(files.filter((file) => !/^(package\.json|README\.md|dist\/.*\.(js|d\.ts))$/.test(file) || file.includes('.spec.'))).toEqual([]);

  const installed = join(home, 'node_modules/@trunkline/client');
  mkdirSync(installed, { recursive: true });
  run('tar', ['xzf', join(home, 'trunkline-client-0.1.0.tgz'), '--strip-components=1'], installed);
  expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).dependencies).toBeUndefined(); // so that this is all of an installation
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  writeFileSync(join(home, 'program.js'), PROGRAM);
  expect(run(process.execPath, ['program.js'])).toBe('true client.unreachable function true\n');

  writeFileSync(join(home, 'typed.ts'), TYPED);
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2024,dom', 'typed.ts'];
  expect(run(process.execPath, [join(process.cwd(), 'node_modules/typescript/bin/tsc'), ...strict])).toBe('');
}, 300_000);
