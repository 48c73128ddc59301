import { anyPublicId, camelKeys, kindOfNoun, snakeKeys, toPublicId } from '@trunkline/kernel';
import { z } from 'zod';
import { idIn, idOut, pageOut, pageQuery, timestampOut } from '../http/schemas.ts';
import type { AuditEntry, AuditSearch } from './audit-queries.ts';

const anyId = () =>
  z
    .string()
    .max(120)
    .refine((text) => anyPublicId(text) !== undefined, 'must be an id of this API')
    .transform((text) => anyPublicId(text) ?? '');
const instant = () => z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const search = {
  action: z
    .string()
    .regex(/^[a-z_]+\.[a-z_]+$/, 'must be an action like trunk.updated')
    .optional(),
  resource_id: anyId().optional().describe('What happened to this trunk, number, key …'),
  actor_id: z.string().max(120).optional().describe('The id of an API key, or the name of a process of ours'),
  request_id: z.string().max(120).optional().describe('What one request changed: the `x-request-id` of its answer'),
  from: instant().optional().describe('At or after'),
  to: instant().optional().describe('Before'),
};
const format = z.enum(['csv', 'ndjson']).default('csv');
const ofTenant = { tenant_id: idIn('tenant').optional().describe('The chain of this tenant, instead of the platform’s own') };

export const auditFilter = z.strictObject({ ...pageQuery, ...search });
export const platformAuditFilter = auditFilter.extend(ofTenant);
export const auditExport = z.strictObject({ format, ...search });
export const platformAuditExport = auditExport.extend(ofTenant);
type Search = Omit<z.infer<typeof platformAuditExport>, 'format'>;

/** A query as `AuditQueries` takes it. */
export const auditSearchOf = (query: Search): AuditSearch => {
  const { actorId, ...rest } = camelKeys(query);
  return { ...rest, actorId: actorId && (anyPublicId(actorId) ?? actorId) };
};

const fields = z.record(z.string(), z.unknown());
export const auditEntryOut = z
  .strictObject({
    id: idOut('auditEntry'),
    object: z.literal('audit_entry'),
    sequence: z.int().describe('1, 2, 3 … without a gap'),
    at: timestampOut(),
    action: z.string().meta({ example: 'trunk.updated' }),
    resource_id: z.string().describe('A UUID where the resource has no id in this API').meta({ example: 'trk_01kaq8x4s7fyz8m2q0w3e5r6t7' }),
    actor: z.strictObject({ type: z.enum(['api_key', 'operator', 'person', 'system']), id: z.string() }),
    request_id: z.string(),
    source_address: z.string().nullable().describe('Where the request came from; null for a process of the platform'),
    before: fields.nullable().describe('Of a change: the fields that it changed, as they were. Ids in it are UUIDs').meta({ example: { channels_max: 2 } }), // prettier-ignore
    after: fields
      .nullable()
      .describe('The same fields, as they are since')
      .meta({ example: { channels_max: 3 } }),
    data: fields.describe('What else was given, or is worth knowing. Ids in it are UUIDs'),
    hash: z.string().describe('SHA-256 of the hash before and this entry, in hex'),
  })
  .meta({ id: 'AuditEntry' });
export const auditPage = pageOut(auditEntryOut, 'AuditEntryPage');
export type AuditEntryOut = z.infer<typeof auditEntryOut>;

const publicActor = ({ actorType, actorId }: AuditEntry): string => {
  if (actorType === 'api_key') return toPublicId('apiKey', actorId);
  if (actorType === 'person') return toPublicId('person', actorId);
  return actorType === 'operator' ? toPublicId('operatorKey', actorId) : actorId;
};
const publicResource = ({ action, resourceId }: AuditEntry): string => {
  const kind = kindOfNoun(action.split('.')[0] ?? '');
  return kind ? toPublicId(kind, resourceId) : resourceId;
};
const named = (value: unknown) => snakeKeys(value ?? null) as Record<string, unknown> | null;

export const auditEntryToWire = (e: AuditEntry): AuditEntryOut => {
  const { before, after, ...data } = e.data;
  return {
    id: toPublicId('auditEntry', e.id),
    object: 'audit_entry',
    sequence: Number(e.sequence),
    at: e.at.toISOString(),
    action: e.action,
    resource_id: publicResource(e),
    actor: { type: e.actorType as 'api_key', id: publicActor(e) },
    request_id: e.requestId,
    source_address: e.sourceAddress || null,
    before: named(before),
    after: named(after),
    data: named(data) ?? {},
    hash: e.hash.toString('hex'),
  };
};
