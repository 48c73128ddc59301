import { Module } from '@nestjs/common';
import { AdvanceNumberOrders } from './advance-number-orders.ts';
import { AdvanceOrderItem } from './advance-order-item.ts';
import { BulkNumbers } from './bulk-numbers.ts';
import { CancelNumberOrder } from './cancel-number-order.ts';
import { ImportNumbers } from './import-numbers.ts';
import { InventoryQueries } from './inventory-queries.ts';
import { InventoryController } from './inventory.http.ts';
import { InventorySupplier } from './inventory-supplier.ts';
import { NumberOfferQueries } from './number-offer-queries.ts';
import { NumberOrderQueries } from './number-order-queries.ts';
import { NumberOrdersController } from './number-orders.http.ts';
import { NumberOrdersProcessor } from './number-orders.jobs.ts';
import { NumberQueries } from './number-queries.ts';
import { NumberSuppliers } from './number-suppliers.ts';
import { NumbersController } from './numbers.http.ts';
import { OrderNumber } from './order-number.ts';
import { PlaceNumberOrder } from './place-number-order.ts';
import { ReleaseNumber } from './release-number.ts';
import { SettleOrderItem } from './settle-order-item.ts';
import { SweepQuarantine } from './sweep-quarantine.ts';
import { UpdateNumber } from './update-number.ts';

const useCases = [BulkNumbers, ImportNumbers, InventoryQueries, NumberQueries, OrderNumber, ReleaseNumber, SweepQuarantine, UpdateNumber];
/** What takes orders further. */
const advancing = [AdvanceNumberOrders, AdvanceOrderItem, InventorySupplier, NumberSuppliers, SettleOrderItem];
const ordering = [...advancing, CancelNumberOrder, NumberOfferQueries, NumberOrderQueries, PlaceNumberOrder];

/** Needs, from the application: a ProvisioningView, and CARRIER_SUPPLIERS. */
@Module({
  controllers: [NumbersController, NumberOrdersController, InventoryController],
  providers: [...useCases, ...ordering],
  exports: [...useCases, ...ordering],
})
export class NumbersModule {}

/** Orders taken further, for the worker. Needs CARRIER_SUPPLIERS. */
@Module({ providers: [...advancing, NumberOrdersProcessor] })
export class NumberOrdersJobsModule {}
