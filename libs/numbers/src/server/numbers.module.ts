import { Module } from '@nestjs/common';
import { AdvanceNumberOrders } from './advance-number-orders.ts';
import { AdvanceOrderItem } from './advance-order-item.ts';
import { BulkNumbers } from './bulk-numbers.ts';
import { CancelNumberOrder } from './cancel-number-order.ts';
import { ChangeOrderPapers } from './change-order-papers.ts';
import { CreateNumberJob } from './create-number-job.ts';
import { ImportNumbers } from './import-numbers.ts';
import { InventoryQueries } from './inventory-queries.ts';
import { InventorySupplier } from './inventory-supplier.ts';
import { InventoryController } from './inventory.http.ts';
import { NumberBlockQueries } from './number-blocks.ts';
import { NumberHistoryQueries } from './number-history-queries.ts';
import { NumberHistoryController } from './number-history.http.ts';
import { NumberImportQueries } from './number-import-queries.ts';
import { NumberImportsController } from './number-imports.http.ts';
import { NumberJobQueries } from './number-job-queries.ts';
import { NumberJobsController } from './number-jobs.http.ts';
import { NumberOfferQueries } from './number-offer-queries.ts';
import { NumberOrderQueries } from './number-order-queries.ts';
import { NumberOrdersController } from './number-orders.http.ts';
import { NumberOrdersProcessor, NumberReturnsProcessor } from './number-orders.jobs.ts';
import { NumberPolicyController } from './number-policy.http.ts';
import { NumberPolicies } from './number-policy.ts';
import { NumberQueries } from './number-queries.ts';
import { NumberReservationsController } from './number-reservations.http.ts';
import { NumberSuppliersController } from './number-suppliers.http.ts';
import { NumberSuppliers } from './number-suppliers.ts';
import { NumberTransfersController } from './number-transfers.http.ts';
import { NumbersController } from './numbers.http.ts';
import { NumberImportProcessor, NumberJobProcessor } from './numbers.jobs.ts';
import { OrderNumber } from './order-number.ts';
import { PlaceNumberOrder } from './place-number-order.ts';
import { ReceiveSupplierEvent } from './receive-supplier-event.ts';
import { ReleaseNumber } from './release-number.ts';
import { ReserveNumbers } from './reserve-numbers.ts';
import { RestoreNumber } from './restore-number.ts';
import { ReturnNumber } from './return-number.ts';
import { RunNumberImport } from './run-number-import.ts';
import { RunNumberJob } from './run-number-job.ts';
import { SettleOrderItem } from './settle-order-item.ts';
import { SettleNumberReturns } from './settle-number-returns.ts';
import { SuspendNumber } from './suspend-number.ts';
import { SweepQuarantine } from './sweep-quarantine.ts';
import { TransferNumber } from './transfer-number.ts';
import { UpdateNumber } from './update-number.ts';

const ofTenants = [
  NumberQueries,
  NumberHistoryQueries,
  OrderNumber,
  UpdateNumber,
  ReleaseNumber,
  RestoreNumber,
  ReserveNumbers,
  TransferNumber,
];
const ofMany = [BulkNumbers, CreateNumberJob, NumberJobQueries];
const ofInventory = [
  ...[ImportNumbers, NumberImportQueries, InventoryQueries, NumberBlockQueries],
  ...[NumberPolicies, SuspendNumber, SweepQuarantine],
];
/** What takes orders further. */
const advancing = [AdvanceNumberOrders, AdvanceOrderItem, InventorySupplier, NumberSuppliers, SettleOrderItem];
const ordering = [
  ...[...advancing, CancelNumberOrder, ChangeOrderPapers, NumberOfferQueries, NumberOrderQueries, PlaceNumberOrder],
  ...[ReceiveSupplierEvent, ReturnNumber],
];
const useCases = [...ofTenants, ...ofMany, ...ofInventory, ...ordering];
const controllers = [
  ...[NumberHistoryController, NumbersController, NumberReservationsController, NumberJobsController, NumberTransfersController],
  ...[NumberOrdersController, NumberSuppliersController, InventoryController, NumberImportsController, NumberPolicyController],
];

/** Needs, from the application: a ProvisioningView, and CARRIER_SUPPLIERS. */
@Module({ controllers, providers: useCases, exports: useCases })
export class NumbersModule {}

/** What a job does: large imports, and changes of many numbers. */
@Module({
  providers: [NumberImportProcessor, NumberJobProcessor, RunNumberImport, RunNumberJob, UpdateNumber, ReleaseNumber, RestoreNumber],
})
export class NumbersJobsModule {}

/** Orders and returns taken further, for the worker. Needs CARRIER_SUPPLIERS. */
@Module({ providers: [...advancing, NumberOrdersProcessor, NumberReturnsProcessor, SettleNumberReturns] })
export class NumberOrdersJobsModule {}
