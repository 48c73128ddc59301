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
  return SECRET.test(name) && (typeof value === 'string' || (typeof value === 'object' && value !== null)) ? '[redacted]' : value;
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
  const { actor, requestId, sourceAddress = '' } = ctx;
  tx.records.audits.push([chainOf(ctx), newId(), actor.type, actor.id, requestId, sourceAddress, action, resourceId, redacted(data)]);
};

export type AuditedChange = { readonly before: Readonly<Record<string, unknown>>; readonly after: Readonly<Record<string, unknown>> };

/** A change as its entry tells it: of the fields that it names and that are different, what was before and what is after. */
export const changed = <T extends object>(before: T, after: T, fields: readonly string[] = Object.keys(after)): AuditedChange => {
  const [was, is] = [before, after] as Record<string, unknown>[];
  const different = fields.filter((name) => !isDeepStrictEqual(was?.[name], is?.[name]));
  const of = (values: Record<string, unknown> | undefined) => Object.fromEntries(different.map((name) => [name, values?.[name] ?? null]));
  return { before: of(was), after: of(is) };
};
