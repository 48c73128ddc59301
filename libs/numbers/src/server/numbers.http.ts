import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import type { z } from 'zod';
import type { NumberSettings, TenantNumber } from '../core/number.ts';
import { NumberQueries } from './number-queries.ts';
import { numberChange, numberOrder, numberOut, numberQuery, numberToWire } from './numbers.schema.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { UpdateNumber } from './update-number.ts';

const id = idIn('number');

@ApiTags('Numbers')
@Controller('v1/numbers')
export class NumbersController {
  constructor(
    private readonly order: OrderNumber,
    private readonly update: UpdateNumber,
    private readonly giveBack: ReleaseNumber,
    private readonly queries: NumberQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post()
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'orderNumber', summary: 'Order a number' })
  @Returns(201, numberOut, 'Ordered')
  @Problems(400, 402, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: numberOrder }) { number, ...settings }: z.infer<typeof numberOrder>) {
    return numberToWire(await this.order.execute(ctx, { e164: number, ...camelKeys(settings) }), undefined); // no edge can have it yet
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listNumbers', summary: 'List numbers, those in quarantine too' })
  @Returns(200, pageOut(numberOut, 'NumberPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: numberQuery }) query: z.infer<typeof numberQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: await this.resources(ctx, data), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getNumber', summary: 'Get a number' })
  @Returns(200, numberOut, 'The number')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) numberId: string) {
    return this.resource(ctx, await this.queries.byId(ctx, numberId));
  }

  @Patch(':id')
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'updateNumber', summary: 'Point a number at a trunk, or at none' })
  @Returns(200, numberOut, 'The changed number')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) numberId: string,
    @Body({ schema: numberChange }) body: z.infer<typeof numberChange>,
  ) {
    return this.resource(ctx, await this.update.execute(ctx, numberId, camelKeys(body) as Partial<NumberSettings>));
  }

  @Post(':id/release')
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'releaseNumber', summary: 'Give a number back, into quarantine' })
  @Returns(200, numberOut, 'The number in quarantine')
  @Problems(403, 404, 409, 422)
  async release(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) numberId: string) {
    return this.resource(ctx, await this.giveBack.execute(ctx, numberId));
  }

  private async resource(ctx: TenantContext, number: TenantNumber) {
    return (await this.resources(ctx, [number]))[0];
  }

  private async resources(ctx: TenantContext, numbers: readonly TenantNumber[]) {
    const provisioning = await this.provisioning.of(
      ctx,
      'number',
      numbers.map((n) => ({ id: n.e164, revision: n.revision })),
    );
    return numbers.map((n) => numberToWire(n, provisioning.get(n.e164)));
  }
}
