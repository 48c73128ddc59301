import { Module } from '@nestjs/common';
import { LedgerQueries } from './ledger-queries.ts';
import { LedgerController } from './ledger.http.ts';
import { VerifyBalances } from './verify-balances.ts';

@Module({ controllers: [LedgerController], providers: [LedgerQueries, VerifyBalances], exports: [LedgerQueries, VerifyBalances] })
export class LedgerModule {}
