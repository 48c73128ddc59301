import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, invalidField } from '@trunkline/kernel';
import type { AboveContext, TenantContext } from '@trunkline/kernel';
import {
  Above,
  Allow,
  AllowAbove,
  CanDryRun,
  Database,
  HeedsIfMatch,
  Problems,
  Returns,
  Tenant as TenantOf,
  bulkToWire,
  eachByItself,
  idIn,
  pageOut,
  ownFilters,
  pageQuery,
} from '@trunkline/platform';
import { z } from 'zod';
import type { PlacedHoldKind } from '../core/hold.ts';
import { CreateTenant } from './create-tenant.ts';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { TenantQueries } from './tenant-queries.ts';
import { liftHold, newHold, newTenant, newTenants, tenantChange, tenantOut, tenantToWire, tenantsOut } from './tenants.schema.ts';
import { UpdateTenant } from './update-tenant.ts';

const page = z.strictObject({ ...pageQuery, ...ownFilters });

/** A reseller's own kind, so that it neither lifts what the operator placed nor speaks in its name. */
export const permitted = (ctx: AboveContext, kind: PlacedHoldKind): PlacedHoldKind => {
  if (ctx.kind === 'subtree' && kind !== 'reseller')
    throw invalidField('/kind', 'forbidden', 'A reseller places and lifts the hold `reseller`');
  return kind;
};

/** All tenants for the operator; those below it for a reseller. */
@ApiTags('Tenants')
@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly db: Database,
    private readonly create: CreateTenant,
    private readonly update: UpdateTenant,
    private readonly placeHold: PlaceHold,
    private readonly liftHold: LiftHold,
    private readonly queries: TenantQueries,
  ) {}

  @Post()
  @AllowAbove('tenants:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'createTenant', summary: 'Create a tenant' })
  @Returns(201, tenantOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Above() ctx: AboveContext, @Body({ schema: newTenant }) body: z.infer<typeof newTenant>) {
    return tenantToWire(await this.create.execute(ctx, camelKeys(body)));
  }

  @Post('bulk-create')
  @AllowAbove('tenants:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'bulkCreateTenants', summary: 'Create up to 100 tenants; each is created or refused by itself' })
  @Returns(200, tenantsOut, 'What became of each')
  @Problems(400, 403, 409, 422)
  async postMany(@Above() ctx: AboveContext, @Body({ schema: newTenants }) { items }: z.infer<typeof newTenants>) {
    const outcomes = await eachByItself(this.db, ctx, items, (item) => this.create.execute(ctx, camelKeys(item)));
    return bulkToWire(ctx, outcomes, tenantToWire);
  }

  @Get()
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'listTenants', summary: 'List tenants, the newest first' })
  @Returns(200, pageOut(tenantOut, 'TenantPage'), 'A page')
  @Problems(400, 403)
  async list(@Above() ctx: AboveContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: data.map(tenantToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @AllowAbove('tenants:read')
  @ApiOperation({ operationId: 'getTenant', summary: 'Get a tenant' })
  @Returns(200, tenantOut, 'The tenant')
  @Problems(403, 404)
  async get(@Above() ctx: AboveContext, @Param('id', { schema: idIn('tenant') }) id: string) {
    return tenantToWire(await this.queries.byId(ctx, id));
  }

  @Patch(':id')
  @AllowAbove('tenants:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateTenant', summary: 'Change a tenant' })
  @Returns(200, tenantOut, 'The changed tenant')
  @Problems(400, 403, 404)
  async patch(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: tenantChange }) body: z.infer<typeof tenantChange>,
  ) {
    if (ctx.kind === 'subtree' && body.requests_per_sec_max !== undefined)
      throw invalidField('/requests_per_sec_max', 'forbidden', 'Only the operator sets how many requests a tenant may make');
    return tenantToWire(await this.update.execute(ctx, id, camelKeys(body)));
  }

  @Post(':id/place-hold')
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'placeHold', summary: 'Stop the calls of a tenant and of all below it, for one kind of reason' })
  @Returns(200, tenantOut, 'The tenant with its holds')
  @Problems(400, 403, 404)
  async hold(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: newHold }) body: z.infer<typeof newHold>,
  ) {
    await this.placeHold.execute(ctx, id, permitted(ctx, body.kind), body.reason, body.stops);
    return tenantToWire(await this.queries.byId(ctx, id));
  }

  @Post(':id/lift-hold')
  @AllowAbove('tenants:write')
  @ApiOperation({ operationId: 'liftHold', summary: 'Lift the hold of one kind' })
  @Returns(200, tenantOut, 'The tenant with the holds that stay')
  @Problems(400, 403, 404)
  async lift(
    @Above() ctx: AboveContext,
    @Param('id', { schema: idIn('tenant') }) id: string,
    @Body({ schema: liftHold }) body: z.infer<typeof liftHold>,
  ) {
    await this.liftHold.execute(ctx, id, permitted(ctx, body.kind));
    return tenantToWire(await this.queries.byId(ctx, id));
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
  @Returns(200, tenantOut, 'The tenant')
  @Problems(403)
  async get(@TenantOf() ctx: TenantContext) {
    return tenantToWire(await this.queries.byId(ctx, ctx.tenantId));
  }
}
