import { isDeepStrictEqual } from 'node:util';
import { newId } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import type { Tx } from '../db/database.ts';

/** Stands in for a tenant in rows about the platform itself. */
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

/** Names of fields that hold a secret in clear. Nobody should hand one over; if it happens, it must not last. */
const SECRET = /secret|password|token|ha1|(^|_)key$|apiKey|privateKey/i;

const unsaid = (name: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  return SECRET.test(name) && typeof value === 'string' ? '[redacted]' : value;
};

/** JSON with every secret left out. */
export const redacted = (data: object): string => JSON.stringify(data, unsaid);

/** Whose chain tells what was done in a context: the tenant's, that of a subtree's root, or the platform's own. */
export const chainOf = (ctx: Context): string => (ctx.kind === 'system' ? PLATFORM_TENANT_ID : ctx.tenantId);

/**
 * Records who changed what, when and from where, in the change's own transaction; written, and chained to the entry before, when it commits.
 * @param action past tense, `trunk.created`
 * @param data what is worth knowing later; for a change `changed(before, after)`
 */
export const audit = (tx: Tx, ctx: Context, action: string, resourceId: string, data: object = {}): void => {
  const tenantId = chainOf(ctx);
  const { actor, requestId, sourceAddress = '' } = ctx;
  tx.records.audits.push([tenantId, newId(), actor.type, actor.id, requestId, sourceAddress, action, resourceId, redacted(data)]);
};

/** `{ field: { from, to } }` of the fields that a change names and that it changed. */
export const changed = <T extends object>(
  before: T,
  after: T,
  fields: readonly string[],
): Record<string, { from: unknown; to: unknown }> => {
  const [from, to] = [before, after] as Record<string, unknown>[];
  const different = fields.filter((name) => !isDeepStrictEqual(from?.[name], to?.[name]));
  return Object.fromEntries(different.map((name) => [name, { from: from?.[name], to: to?.[name] }]));
};
