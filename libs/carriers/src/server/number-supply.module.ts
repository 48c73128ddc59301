import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { z } from 'zod';
import { CARRIER_SUPPLIERS } from './number-supplier.ts';
import type { NumberSupplier } from './number-supplier.ts';
import { TelnyxSupplier } from './telnyx/telnyx-supplier.ts';

/** Settings of carriers' number supply in the environment of whatever process has it. */
export const supplyEnv = {
  TELNYX_API_KEY: z.string().min(1).optional().describe('Numbers are also ordered at Telnyx; absent: they are not'),
  TELNYX_PUBLIC_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes, base64')
    .optional()
    .describe('What Telnyx signs its webhooks with; absent: they are not taken, and orders are only asked after'),
  TELNYX_API_URL: z.url().optional().describe('Only for the emulator'),
};
export type SupplyEnv = { readonly [K in keyof typeof supplyEnv]?: string | undefined };

/** The carriers that numbers can be ordered at. */
@Global()
@Module({})
export class NumberSupplyModule {
  static of({ TELNYX_API_KEY: apiKey, TELNYX_PUBLIC_KEY: publicKey, TELNYX_API_URL: url }: SupplyEnv): DynamicModule {
    const suppliers: NumberSupplier[] =
      apiKey === undefined ? [] : [new TelnyxSupplier({ apiKey, publicKey, url: url?.replace(/\/$/, '') })];
    return {
      module: NumberSupplyModule,
      providers: [{ provide: CARRIER_SUPPLIERS, useValue: suppliers }],
      exports: [CARRIER_SUPPLIERS],
    };
  }
}
