import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromPublicId, systemContext, toPublicId } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, VerifyAudit } from '@trunkline/platform';
import type { Anchor } from '@trunkline/platform';
import { readVerifyConfig } from './config.ts';

// Checks every chain of audit entries: a line each, exit code 1 when one is broken. `--against FILE` takes the lines of an earlier run.
const PLATFORM = 'platform';
const LINE = /^ok (\S+) (\d+) ([0-9a-f]{64})$/;

const nameOf = (tenantId: string): string => (tenantId === PLATFORM_TENANT_ID ? PLATFORM : toPublicId('tenant', tenantId));
const tenantOf = (name: string): string => (name === PLATFORM ? PLATFORM_TENANT_ID : (fromPublicId('tenant', name) ?? name));

const anchorsIn = (file: string): Map<string, Anchor> => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => LINE.exec(line));
  return new Map(lines.flatMap((m) => (m ? [[tenantOf(m[1] ?? ''), { length: BigInt(m[2] ?? 0), hash: m[3] ?? '' }]] : [])));
};

const { values } = parseArgs({ options: { against: { type: 'string' } } });
const { SYSTEM_DATABASE_URL: systemUrl } = readVerifyConfig();
const db = new Database({ appUrl: systemUrl, systemUrl, poolMax: 2 });
try {
  for await (const { tenantId, length, hash, broken } of new VerifyAudit(db).execute(
    systemContext('verify audit'),
    values.against === undefined ? undefined : anchorsIn(values.against),
  )) {
    console.log(broken === undefined ? `ok ${nameOf(tenantId)} ${length} ${hash}` : `BROKEN ${nameOf(tenantId)}: ${broken}`);
    if (broken !== undefined) process.exitCode = 1;
  }
} finally {
  await db.onApplicationShutdown();
}
