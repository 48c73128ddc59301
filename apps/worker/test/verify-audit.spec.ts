import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from '../../api/test/harness.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', 'apps/worker/src/verify-audit.ts'];

let api: ApiHarness;
let home: string;
beforeAll(async () => {
  api = await ApiHarness.start();
  home = mkdtempSync(join(tmpdir(), 'tl-audit-'));
});
afterAll(async () => {
  await api?.stop();
  rmSync(home, { recursive: true, force: true });
});

const verify = (...args: string[]) => {
  const env = { SYSTEM_DATABASE_URL: api.database.systemUrl };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ENTRY, ...args], { cwd: ROOT, env, encoding: 'utf8' });
  return { status, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
};
const asOwner = async (text: string) => {
  const owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await owner.query(`BEGIN; SET LOCAL session_replication_role = replica; ${text}; COMMIT`);
  await owner.end();
};

it('prints a line for every chain, names the first entry that is broken, and says so by its exit code', async () => {
  const [anna, ben] = [await api.tenant('Anna'), await api.tenant('Ben')];
  for (const { call } of [anna, ben]) await call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 1 });
  const before = verify();
  expect(before.status).toBe(0);
  const line = (who: string) => expect.stringMatching(new RegExp(`^ok ${who} [1-9]\\d* [0-9a-f]{64}$`));
  expect(before.lines).toEqual(['platform', anna.id, ben.id].map(line));

  const kept = join(home, 'kept');
  writeFileSync(kept, before.lines.join('\n'));
  await anna.call('POST', '/v1/trunks', { name: 'T2', country: 'US', channels_max: 1 });
  expect(verify('--against', kept)).toMatchObject({ status: 0 });

  await asOwner(
    `UPDATE audit_entry SET actor_id = 'nobody' WHERE action = 'trunk.created' AND tenant_id = '${fromPublicId('tenant', ben.id)}'`,
  );
  const after = verify();
  expect(after.status).toBe(1);
  expect(after.lines.slice(0, 2)).toEqual(['platform', anna.id].map(line));
  expect(after.lines[2]).toMatch(new RegExp(`^BROKEN ${ben.id}: entry 2 \\(trunk\\.created, .* is not what was written there$`));

  await asOwner(
    `DELETE FROM audit_entry WHERE tenant_id = '${fromPublicId('tenant', anna.id)}'; DELETE FROM audit_head WHERE tenant_id = '${fromPublicId('tenant', anna.id)}'`,
  );
  expect(verify('--against', kept).lines).toContain(`BROKEN ${anna.id}: the whole chain is gone`);
});
