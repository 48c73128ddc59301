import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { CanDryRun, CanQuote, Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut, bulkToWire } from '@trunkline/platform';
import type { Outcome } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import type { z } from 'zod';
import type { NumberSettings, TenantNumber } from '../core/number.ts';
import { BulkNumbers } from './bulk-numbers.ts';
import { NumberQueries } from './number-queries.ts';
import {
  numberChange,
  numberChanges,
  numberOrder,
  numberOrders,
  numberOut,
  numberQuery,
  numberToWire,
  numbersOut,
} from './numbers.schema.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { RestoreNumber } from './restore-number.ts';
import { UpdateNumber } from './update-number.ts';

const id = idIn('number');

@ApiTags('Numbers')
@Controller('v1/numbers')
export class NumbersController {
  constructor(
    private readonly order: OrderNumber,
    private readonly update: UpdateNumber,
    private readonly giveBack: ReleaseNumber,
    private readonly takeBack: RestoreNumber,
    private readonly bulk: BulkNumbers,
    private readonly queries: NumberQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post()
  @Allow('numbers:write')
  @CanDryRun()
  @CanQuote()
  @ApiOperation({ operationId: 'orderNumber', summary: 'Order a number' })
  @Returns(201, numberOut, 'Ordered')
  @Problems(400, 402, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: numberOrder }) { number, ...settings }: z.infer<typeof numberOrder>) {
    return numberToWire(await this.order.execute(ctx, { e164: number, ...camelKeys(settings) }), undefined); // no edge can have it yet
  }

  @Post('bulk-order')
  @Allow('numbers:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'bulkOrderNumbers', summary: 'Order up to 100 numbers; each is ordered or refused by itself' })
  @Returns(200, numbersOut, 'What became of each')
  @Problems(400, 403, 409, 422)
  async postMany(@Tenant() ctx: TenantContext, @Body({ schema: numberOrders }) body: z.infer<typeof numberOrders>) {
    const orders = body.items.map(({ number, ...settings }) => ({ e164: number, ...camelKeys(settings) }));
    return this.outcomes(ctx, await this.bulk.order(ctx, orders));
  }

  @Post('bulk-update')
  @Allow('numbers:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'bulkUpdateNumbers', summary: 'Change up to 100 numbers; each is changed or refused by itself' })
  @Returns(200, numbersOut, 'What became of each')
  @Problems(400, 403, 409, 422)
  async patchMany(@Tenant() ctx: TenantContext, @Body({ schema: numberChanges }) body: z.infer<typeof numberChanges>) {
    const changes = body.items.map(({ id: numberId, revision, ...change }) => ({
      id: numberId,
      revision,
      change: camelKeys(change) as Partial<NumberSettings>,
    }));
    return this.outcomes(ctx, await this.bulk.update(ctx, changes));
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
  @HeedsIfMatch()
  @CanDryRun()
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
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'releaseNumber', summary: 'Give a number back, into quarantine' })
  @Returns(200, numberOut, 'The number in quarantine')
  @Problems(403, 404, 409, 422)
  async release(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) numberId: string) {
    return this.resource(ctx, await this.giveBack.execute(ctx, numberId));
  }

  @Post(':id/restore')
  @Allow('numbers:write')
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'restoreNumber', summary: 'Take back a number that was released, within its restore window' })
  @Returns(200, numberOut, 'The number, active and pointing at no trunk')
  @Problems(403, 404, 409, 422)
  async restore(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) numberId: string) {
    return this.resource(ctx, await this.takeBack.execute(ctx, numberId));
  }

  private async resource(ctx: TenantContext, number: TenantNumber) {
    return (await this.resources(ctx, [number]))[0];
  }

  private async outcomes(ctx: TenantContext, outcomes: readonly Outcome<TenantNumber>[]) {
    const resources = await this.resources(
      ctx,
      outcomes.flatMap((o) => (o.done ? [o.value] : [])),
    );
    return bulkToWire(ctx, outcomes, (n) => resources.find((r) => r.id === toPublicId('number', n.id) && r.revision === n.revision));
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
