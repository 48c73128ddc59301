import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, invalidField, toPublicId } from '@trunkline/kernel';
import type { AboveContext, TenantContext } from '@trunkline/kernel';
import {
  Above,
  Allow,
  AllowAbove,
  Problems,
  Returns,
  Tenant as TenantOf,
  country,
  currency,
  idIn,
  idOut,
  pageOut,
  pageQuery,
  text,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { HOLD_KINDS, PLACED_HOLD_KINDS, effectiveState } from '../core/hold.ts';
import type { PlacedHoldKind } from '../core/hold.ts';
import { CreateTenant } from './create-tenant.ts';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';
import { UpdateTenant } from './update-tenant.ts';

const channelsMax = z.int().min(1).max(100_000).nullable().describe('Calls at one time over all trunks; null for no cap');
const holdKind = z.enum(HOLD_KINDS);
const placedHoldKind = z.enum(PLACED_HOLD_KINDS).describe('A reseller places and lifts `reseller`');

const allotted = z.int().min(0).max(1_000_000).nullable();
const allotmentFields = {
  channels: allotted.describe('Channels of all trunks; null: no limit of its own'),
  numbers: allotted.describe('Numbers; null: no limit of its own'),
  tenants: allotted.describe('Tenants below it; 0: it is no reseller'),
};
const newAllotment = z
  .strictObject({
    channels: allotmentFields.channels.default(null),
    numbers: allotmentFields.numbers.default(null),
    tenants: allotmentFields.tenants.default(0),
  })
  .meta({ id: 'NewAllotment' });
const allotmentChange = z.strictObject(allotmentFields).partial().meta({ id: 'AllotmentChange' });
const usageOut = z.strictObject({ channels: z.int(), numbers: z.int(), tenants: z.int() }).meta({ id: 'AllotmentUsage' });

const newTenant = z
  .strictObject({
    name: text(120).meta({ example: 'Example GmbH' }),
    country: country(),
    currency: currency(),
    channels_max: channelsMax.default(null),
    parent_id: idIn('tenant').nullable().default(null).describe('The reseller above it; null: the tenant that asks, none for the operator'),
    external_reference: text(120).nullable().default(null),
    allotment: newAllotment.optional().describe('What it may hold together with all below it'),
  })
  .meta({ id: 'NewTenant' });
const tenantChange = z
  .strictObject({ name: text(120).optional(), channels_max: channelsMax.optional(), allotment: allotmentChange.optional() })
  .meta({ id: 'TenantChange' });
const newHold = z.strictObject({ kind: placedHoldKind, reason: text(500) }).meta({ id: 'NewHold' });
const liftHold = z.strictObject({ kind: placedHoldKind }).meta({ id: 'LiftHold' });

const tenant = z
  .strictObject({
    id: idOut('tenant'),
    object: z.literal('tenant'),
    name: z.string(),
    country: z.string(),
    currency: z.string(),
    channels_max: z.int().nullable(),
    parent_id: z.string().nullable(),
    external_reference: z.string().nullable(),
    state: z.enum(['active', 'suspended']),
    holds: z.array(holdKind),
    allotment: z.strictObject(allotmentFields).meta({ id: 'Allotment' }),
    usage: usageOut.describe('What it and all below it hold'),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Tenant' });

const resource = (t: Tenant): z.infer<typeof tenant> => ({
  id: toPublicId('tenant', t.id),
  object: 'tenant',
  name: t.name,
  country: t.country,
  currency: t.currency,
  channels_max: t.channelsMax,
  parent_id: t.parentId && toPublicId('tenant', t.parentId),
  external_reference: t.externalReference,
  state: effectiveState(t.holds),
  holds: [...t.holds],
  allotment: { ...t.allotment },
  usage: { ...t.usage },
  revision: t.revision,
  created_at: t.createdAt.toISOString(),
  updated_at: t.updatedAt.toISOString(),
});

const page = z.strictObject(pageQuery);

/** A reseller's own kind, so that it neither lifts what the operator placed nor speaks in its name. */
const permitted = (ctx: AboveContext, kind: PlacedHoldKind): PlacedHoldKind => {
  if (ctx.kind === 'subtree' && kind !== 'reseller')
    throw invalidField('/kind', 'forbidden', 'A reseller places and lifts the hold `reseller`');
  return kind;
};

/** All tenants for the operator; those below it for a reseller. */
@ApiTags('Tenants')
@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly create: CreateTenant,
    private readonly update: UpdateTenant,
    private readonly placeHold: PlaceHold,
    private readonly liftHold: LiftHold,
    private readonly queries: TenantQueries,
  ) {}

  @Post()
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'createTenant', summary: 'Create a tenant' })
  @Returns(201, tenant, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Above() ctx: AboveContext, @Body({ schema: newTenant }) body: z.infer<typeof newTenant>) {
    return resource(await this.create.execute(ctx, camelKeys(body)));
  }

  @Get()
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'listTenants', summary: 'List tenants, the newest first' })
  @Returns(200, pageOut(tenant, 'TenantPage'), 'A page')
  @Problems(400, 403)
  async list(@Above() ctx: AboveContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(resource), next_cursor: nextCursor };
  }

  @Get(':id')
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'getTenant', summary: 'Get a tenant' })
  @Returns(200, tenant, 'The tenant')
  @Problems(403, 404)
  async get(@Above() ctx: AboveContext, @Param('id', { schema: idIn('tenant') }) id: string) {
    return resource(await this.queries.byId(ctx, id));
  }

  @Patch(':id')
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'updateTenant', summary: 'Change a tenant' })
  @Returns(200, tenant, 'The changed tenant')
  @Problems(400, 403, 404)
  async patch(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: tenantChange }) body: z.infer<typeof tenantChange>,
  ) {
    return resource(await this.update.execute(ctx, id, camelKeys(body)));
  }

  @Post(':id/place-hold')
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'placeHold', summary: 'Stop the calls of a tenant and of all below it, for one kind of reason' })
  @Returns(200, tenant, 'The tenant with its holds')
  @Problems(400, 403, 404)
  async hold(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: newHold }) body: z.infer<typeof newHold>,
  ) {
    await this.placeHold.execute(ctx, id, permitted(ctx, body.kind), body.reason);
    return resource(await this.queries.byId(ctx, id));
  }

  @Post(':id/lift-hold')
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'liftHold', summary: 'Lift the hold of one kind' })
  @Returns(200, tenant, 'The tenant with the holds that stay')
  @Problems(400, 403, 404)
  async lift(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: liftHold }) body: z.infer<typeof liftHold>,
  ) {
    await this.liftHold.execute(ctx, id, permitted(ctx, body.kind));
    return resource(await this.queries.byId(ctx, id));
  }
}

/** The tenant that a request acts as. */
@ApiTags('Tenants')
@Controller('v1/tenant')
export class OwnTenantController {
  constructor(private readonly queries: TenantQueries) {}

  @Get()
  @Allow('tenant:read')
  @ApiOperation({ operationId: 'getOwnTenant', summary: 'Get the tenant this key acts as' })
  @Returns(200, tenant, 'The tenant')
  @Problems(403)
  async get(@TenantOf() ctx: TenantContext) {
    return resource(await this.queries.byId(ctx, ctx.tenantId));
  }
}
