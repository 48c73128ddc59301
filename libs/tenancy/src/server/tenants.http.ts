import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import {
  Allow,
  Operator,
  OperatorOnly,
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
import { HOLD_KINDS, effectiveState } from '../core/hold.ts';
import { CreateTenant } from './create-tenant.ts';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { TenantQueries } from './tenant-queries.ts';
import type { Tenant } from './tenant-queries.ts';
import { UpdateTenant } from './update-tenant.ts';

const channelsMax = z.int().min(1).max(100_000).nullable().describe('Calls at one time over all trunks; null for no cap');
const holdKind = z.enum(HOLD_KINDS);

const newTenant = z
  .strictObject({
    name: text(120).meta({ example: 'Example GmbH' }),
    country: country(),
    currency: currency(),
    channels_max: channelsMax.default(null),
    parent_id: idIn('tenant').nullable().default(null),
    external_reference: text(120).nullable().default(null),
  })
  .meta({ id: 'NewTenant' });
const tenantChange = z.strictObject({ name: text(120).optional(), channels_max: channelsMax.optional() }).meta({ id: 'TenantChange' });
export const newHold = z.strictObject({ kind: holdKind, reason: text(500) }).meta({ id: 'NewHold' });
export const liftHold = z.strictObject({ kind: holdKind }).meta({ id: 'LiftHold' });

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
  revision: t.revision,
  created_at: t.createdAt.toISOString(),
  updated_at: t.updatedAt.toISOString(),
});

const page = z.strictObject(pageQuery);

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
  @OperatorOnly()
  @ApiOperation({ operationId: 'createTenant', summary: 'Create a tenant' })
  @Returns(201, tenant, 'Created')
  @Problems(400, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newTenant }) body: z.infer<typeof newTenant>) {
    return resource(await this.create.execute(ctx, camelKeys(body)));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listTenants', summary: 'List tenants' })
  @Returns(200, pageOut(tenant, 'TenantPage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(resource), next_cursor: nextCursor };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getTenant', summary: 'Get a tenant' })
  @Returns(200, tenant, 'The tenant')
  @Problems(404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('tenant') }) id: string) {
    return resource(await this.queries.byId(ctx, id));
  }

  @Patch(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'updateTenant', summary: 'Change a tenant' })
  @Returns(200, tenant, 'The changed tenant')
  @Problems(400, 404)
  async patch(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: tenantChange }) body: z.infer<typeof tenantChange>,
  ) {
    return resource(await this.update.execute(ctx, id, camelKeys(body)));
  }

  @Post(':id/place-hold')
  @OperatorOnly()
  @ApiOperation({ operationId: 'placeHold', summary: 'Stop a tenant’s calls, for one kind of reason' })
  @Returns(200, tenant, 'The tenant with its holds')
  @Problems(400, 404)
  async hold(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: newHold }) body: z.infer<typeof newHold>,
  ) {
    await this.queries.byId(ctx, id);
    await this.placeHold.execute(ctx, id, body.kind, body.reason);
    return resource(await this.queries.byId(ctx, id));
  }

  @Post(':id/lift-hold')
  @OperatorOnly()
  @ApiOperation({ operationId: 'liftHold', summary: 'Lift the hold of one kind' })
  @Returns(200, tenant, 'The tenant with the holds that stay')
  @Problems(400, 404)
  async lift(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: liftHold }) body: z.infer<typeof liftHold>,
  ) {
    await this.queries.byId(ctx, id);
    await this.liftHold.execute(ctx, id, body.kind);
    return resource(await this.queries.byId(ctx, id));
  }
}

/** The tenant that the key belongs to. */
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
