// `npm run bench -- NAME [options]`: measures one thing on this machine. Human lines first, then one line of JSON, see report.mjs.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from '../bootstrap.mjs';

await bootstrap();
const { generate } = await import('../generate.mjs');
await generate();

const SUPPORT = new Set([
  ...['run.mjs', 'report.mjs', 'bench-database.mjs', 'plain-api.mjs', 'plain-read-api.mjs'],
  ...['notify-listener.mjs', 'commit-yardstick.mjs', 'invite-probe.mjs', 'noise-maker.mjs'],
]);
const files = readdirSync(import.meta.dirname).filter((file) => /\.(mjs|ts)$/.test(file) && !SUPPORT.has(file));
const [name, ...options] = process.argv.slice(2);
const file = files.find((f) => f.replace(/\.\w+$/, '') === name);
if (!file) {
  console.error(
    `npm run bench -- NAME, with NAME one of: ${files
      .map((f) => f.replace(/\.\w+$/, ''))
      .sort()
      .join(', ')}`,
  );
  process.exit(2);
}
const hook = ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...hook, join(import.meta.dirname, file), ...options], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
