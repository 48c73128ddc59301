// `npm run verify-audit [-- --against FILE]`: whether every chain of audit entries is as it was written; a line for each, exit code 1 when
// one is not. Keep the output somewhere else: given as FILE to a later run, it also finds who rewrote a chain together with its end.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const { tryLock } = await import('./file-lock.mjs');
const { generate } = await import('./generate.mjs');
const { startPostgres } = await import('./postgres.mjs');
const { ensureRoles } = await import('./roles.mjs');
const { readSecrets } = await import('./secrets.mjs');
const { fromSource } = await import('./services.mjs');
const { readSettings } = await import('./settings.mjs');

/** The owner's URL of the installation's database, which is started for the occasion when the installation does not run. */
async function openDatabase({ databaseUrl, dataDir }) {
  if (databaseUrl) return { ownerUrl: databaseUrl, close: () => {} };
  const dir = join(dataDir, 'postgres');
  if (!existsSync(join(dir, 'cluster.json')))
    throw new Error(`There is no installation in ${dataDir}: set TRUNKLINE_DATA_DIR or DATABASE_URL.`);
  const { release } = tryLock(join(dataDir, 'run/start.lock'));
  if (!release) {
    const { port, password } = JSON.parse(readFileSync(join(dir, 'cluster.json'), 'utf8'));
    return { ownerUrl: `postgres://trunkline_owner:${password}@127.0.0.1:${port}/postgres`, close: () => {} };
  }
  const server = await startPostgres({ dir });
  return { ownerUrl: server.url('postgres'), close: () => server.stop().finally(release) };
}

try {
  const settings = readSettings(process.env);
  await generate();
  const { ownerUrl, close } = await openDatabase(settings);
  try {
    const { systemUrl } = await ensureRoles(ownerUrl, readSecrets(settings.dataDir));
    const { command, args } = fromSource('apps/worker/src/verify-audit.ts', ...process.argv.slice(2));
    const child = spawn(command, args, { env: { ...process.env, SYSTEM_DATABASE_URL: systemUrl }, stdio: 'inherit' });
    process.exitCode = await new Promise((done) => child.on('exit', (code) => done(code ?? 2)));
  } finally {
    await close();
  }
} catch (e) {
  console.error(e.message);
  process.exitCode = 2;
}
