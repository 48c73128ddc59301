import { Module } from '@nestjs/common';
import { LedgerQueries } from './ledger-queries.ts';
import { LedgerController } from './ledger.http.ts';
import { VerifyProcessor } from './ledger.jobs.ts';
import { VerifyBalances } from './verify-balances.ts';

@Module({
  controllers: [LedgerController],
  providers: [LedgerQueries, VerifyBalances, VerifyProcessor],
  exports: [LedgerQueries, VerifyBalances],
})
export class LedgerModule {}
