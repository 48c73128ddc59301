import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import {
  Above,
  AllowAbove,
  BULK_ITEMS_MAX,
  Database,
  Problems,
  Returns,
  bulkIn,
  bulkOut,
  bulkToWire,
  e164In,
  eachByItself,
  idIn,
  idOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { TransferNumber } from './transfer-number.ts';
import type { TransferredNumber } from './transfer-number.ts';

const transfers = bulkIn(z.strictObject({ number: e164In(), tenant_id: idIn('tenant').describe('Who gets it') })).meta({
  id: 'NumberTransfers',
});
const transferOut = z
  .strictObject({
    object: z.literal('number_transfer'),
    number: z.string(),
    number_id: idOut('number').describe('What it is called at its new tenant'),
    from_tenant_id: idOut('tenant'),
    to_tenant_id: idOut('tenant'),
  })
  .meta({ id: 'NumberTransfer' });
const transfersOut = bulkOut(transferOut).meta({ id: 'NumberTransferBulk' });

const transferToWire = ({ number, fromTenantId, toTenantId }: TransferredNumber): z.infer<typeof transferOut> => ({
  object: 'number_transfer',
  number: number.e164,
  number_id: toPublicId('number', number.id),
  from_tenant_id: toPublicId('tenant', fromTenantId),
  to_tenant_id: toPublicId('tenant', toTenantId),
});

@ApiTags('Numbers')
@Controller('v1/number-transfers')
export class NumberTransfersController {
  constructor(
    private readonly db: Database,
    private readonly transfer: TransferNumber,
  ) {}

  @Post()
  @AllowAbove('tenants:write')
  @ApiOperation({
    operationId: 'transferNumbers',
    summary: `Move up to ${BULK_ITEMS_MAX} numbers from tenant to tenant, both within one’s own tree; each by itself, without a quarantine`,
  })
  @Returns(200, transfersOut, 'What became of each')
  @Problems(400, 403, 422)
  async post(@Above() ctx: AboveContext, @Body({ schema: transfers }) { items }: z.infer<typeof transfers>) {
    const moves = items.map(({ number, tenant_id }) => ({ e164: number, toTenantId: tenant_id }));
    return bulkToWire(ctx, await eachByItself(this.db, ctx, moves, (move) => this.transfer.execute(ctx, move)), transferToWire);
  }
}
