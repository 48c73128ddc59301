import { Module } from '@nestjs/common';
import { TenancyModule } from '@trunkline/tenancy/server';
import { LedgerQueries } from './ledger-queries.ts';
import { LedgerController } from './ledger.http.ts';
import { VerifyProcessor } from './ledger.jobs.ts';
import { TenantUsageQueries } from './tenant-usage-queries.ts';
import { TenantUsageController } from './tenant-usage.http.ts';
import { VerifyBalances } from './verify-balances.ts';

@Module({
  imports: [TenancyModule],
  controllers: [LedgerController, TenantUsageController],
  providers: [LedgerQueries, TenantUsageQueries, VerifyBalances, VerifyProcessor],
  exports: [LedgerQueries, TenantUsageQueries, VerifyBalances],
})
export class LedgerModule {}
