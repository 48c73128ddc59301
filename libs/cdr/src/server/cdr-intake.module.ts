import { Module } from '@nestjs/common';
import { DeckCache } from './deck-cache.ts';
import { StoreCdrs } from './store-cdrs.ts';

/** What takes call records in. No routes: for the process that edges talk to. */
@Module({ providers: [StoreCdrs, DeckCache], exports: [StoreCdrs] })
export class CdrIntakeModule {}
