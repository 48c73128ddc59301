import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { anyPublicId, camelKeys, kindOfNoun, toPublicId } from '@trunkline/kernel';
import type { Context, SystemContext, TenantContext } from '@trunkline/kernel';
import { z } from 'zod';
import { Allow, Operator, OperatorOnly, Tenant } from '../http/access.ts';
import { Problems, Returns } from '../http/returns.ts';
import { idOut, pageOut, pageQuery, timestampOut } from '../http/schemas.ts';
import { AuditQueries } from './audit-queries.ts';
import type { AuditEntry } from './audit-queries.ts';

const anyId = () =>
  z
    .string()
    .max(120)
    .refine((text) => anyPublicId(text) !== undefined, 'must be an id of this API')
    .transform((text) => anyPublicId(text) ?? '');
const instant = () => z.iso.datetime({ offset: true }).transform((text) => new Date(text));
export const auditFilter = z.strictObject({
  ...pageQuery,
  action: z
    .string()
    .regex(/^[a-z_]+\.[a-z_]+$/, 'must be an action like trunk.updated')
    .optional(),
  resource_id: anyId().optional().describe('What happened to this trunk, number, key …'),
  actor_id: z.string().max(120).optional().describe('The id of an API key, or the name of a process of ours'),
  from: instant().optional().describe('At or after'),
  to: instant().optional().describe('Before'),
});
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
    data: z.record(z.string(), z.unknown()).describe('What was given; for a change, what was and what is. Ids in it are UUIDs'),
    hash: z.string().describe('SHA-256 of the hash before and this entry, in hex'),
  })
  .meta({ id: 'AuditEntry' });
const page = pageOut(auditEntryOut, 'AuditEntryPage');

const publicActor = ({ actorType, actorId }: AuditEntry): string => {
  if (actorType === 'api_key') return toPublicId('apiKey', actorId);
  if (actorType === 'person') return toPublicId('person', actorId);
  return actorType === 'operator' ? toPublicId('operatorKey', actorId) : actorId;
};
const publicResource = ({ action, resourceId }: AuditEntry): string => {
  const kind = kindOfNoun(action.split('.')[0] ?? '');
  return kind ? toPublicId(kind, resourceId) : resourceId;
};
export const auditEntryToWire = (e: AuditEntry): z.infer<typeof auditEntryOut> => ({
  id: toPublicId('auditEntry', e.id),
  object: 'audit_entry',
  sequence: Number(e.sequence),
  at: e.at.toISOString(),
  action: e.action,
  resource_id: publicResource(e),
  actor: { type: e.actorType as 'api_key', id: publicActor(e) },
  request_id: e.requestId,
  source_address: e.sourceAddress || null,
  data: { ...e.data },
  hash: e.hash.toString('hex'),
});

/** A query as `AuditQueries` takes it. */
export const auditSearchOf = (query: z.infer<typeof auditFilter>) => {
  const { actorId, ...rest } = camelKeys(query);
  return { ...rest, actorId: actorId && (anyPublicId(actorId) ?? actorId) };
};

@ApiTags('Audit')
@Controller('v1')
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Get('audit-entries')
  @Allow('audit:read')
  @ApiOperation({ operationId: 'listAuditEntries', summary: 'List what was changed by or for the tenant, the newest first' })
  @Returns(200, page, 'A page')
  @Problems(400, 403)
  list(@Tenant() ctx: TenantContext, @Query({ schema: auditFilter }) query: z.infer<typeof auditFilter>) {
    return this.page(ctx, query);
  }

  @Get('platform-audit-entries')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listPlatformAuditEntries', summary: 'List what was changed across tenants, the newest first' })
  @Returns(200, page, 'A page')
  @Problems(400, 403)
  listOfPlatform(@Operator() ctx: SystemContext, @Query({ schema: auditFilter }) query: z.infer<typeof auditFilter>) {
    return this.page(ctx, query);
  }

  private async page(ctx: Context, query: z.infer<typeof auditFilter>) {
    const { data, nextCursor } = await this.queries.list(ctx, auditSearchOf(query));
    return { data: data.map(auditEntryToWire), next_cursor: nextCursor };
  }
}
