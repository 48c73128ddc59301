import { Module } from '@nestjs/common';
import { BulkNumbers } from './bulk-numbers.ts';
import { ImportNumbers } from './import-numbers.ts';
import { InventoryQueries } from './inventory-queries.ts';
import { InventoryController } from './inventory.http.ts';
import { NumberQueries } from './number-queries.ts';
import { NumbersController } from './numbers.http.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { SweepQuarantine } from './sweep-quarantine.ts';
import { UpdateNumber } from './update-number.ts';

const useCases = [BulkNumbers, ImportNumbers, InventoryQueries, NumberQueries, OrderNumber, ReleaseNumber, SweepQuarantine, UpdateNumber];

/** Needs, from the application: a ProvisioningView. */
@Module({ controllers: [NumbersController, InventoryController], providers: useCases, exports: useCases })
export class NumbersModule {}
