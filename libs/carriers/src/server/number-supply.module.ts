import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { z } from 'zod';
import { BandwidthPortingCarrier } from './bandwidth/bandwidth-porting-carrier.ts';
import { CARRIER_SUPPLIERS } from './number-supplier.ts';
import type { NumberSupplier } from './number-supplier.ts';
import { REAL_PORTING_CARRIERS } from './porting-carriers.ts';
import type { RealPortingCarriers } from './porting-carriers.ts';
import { TelnyxPortingCarrier } from './telnyx/telnyx-porting-carrier.ts';
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
  PORTING_CARRIER: z
    .enum(['emulated', 'telnyx', 'bandwidth'])
    .optional()
    .describe(
      'Where new orders of port-ins go, the emulated carrier unless told; those that went elsewhere stay there as long as its settings do',
    ),
  BANDWIDTH_ACCOUNT_ID: z.string().min(1).optional().describe('The account at Bandwidth that numbers are ported to'),
  BANDWIDTH_USER: z.string().min(1).optional(),
  BANDWIDTH_PASSWORD: z.string().min(1).optional(),
  BANDWIDTH_SITE_ID: z.string().min(1).optional().describe('The sub-account that ported numbers come to'),
  BANDWIDTH_CALLBACK_USER: z
    .string()
    .min(1)
    .optional()
    .describe('What Bandwidth’s notifications have to name themselves by; absent: they are not taken'),
  BANDWIDTH_CALLBACK_PASSWORD: z.string().min(12).optional(),
  BANDWIDTH_API_URL: z.url().optional().describe('Only for the emulator'),
};
export type SupplyEnv = { readonly [K in keyof typeof supplyEnv]?: string | undefined };

/** The carriers that numbers can be ordered at and ported to. */
@Global()
@Module({})
export class NumberSupplyModule {
  static of(env: SupplyEnv): DynamicModule {
    const telnyx = telnyxOf(env);
    const suppliers: NumberSupplier[] = telnyx ? [new TelnyxSupplier(telnyx)] : [];
    return {
      module: NumberSupplyModule,
      providers: [
        { provide: CARRIER_SUPPLIERS, useValue: suppliers },
        { provide: REAL_PORTING_CARRIERS, inject: [Clock], useFactory: (clock: Clock) => portingCarriersOf(env, clock) },
      ],
      exports: [CARRIER_SUPPLIERS, REAL_PORTING_CARRIERS],
    };
  }
}

const telnyxOf = ({ TELNYX_API_KEY: apiKey, TELNYX_PUBLIC_KEY: publicKey, TELNYX_API_URL: url }: SupplyEnv) =>
  apiKey === undefined ? undefined : { apiKey, publicKey, url: url?.replace(/\/$/, '') };

const bandwidthOf = (env: SupplyEnv) => {
  const { BANDWIDTH_ACCOUNT_ID: accountId, BANDWIDTH_USER: user, BANDWIDTH_PASSWORD: password, BANDWIDTH_SITE_ID: siteId } = env;
  if (accountId === undefined || user === undefined || password === undefined || siteId === undefined) return undefined;
  const { BANDWIDTH_CALLBACK_USER: caller, BANDWIDTH_CALLBACK_PASSWORD: secret, BANDWIDTH_API_URL: url } = env;
  const callback = caller === undefined || secret === undefined ? undefined : { user: caller, password: secret };
  return { accountId, user, password, siteId, callback, url: url?.replace(/\/$/, '') };
};

/** Those that are set up; the one that new orders go to is the first, none: to the emulated one. @throws when it is not set up */
const portingCarriersOf = (env: SupplyEnv, clock: Clock): RealPortingCarriers => {
  const [telnyx, bandwidth] = [telnyxOf(env), bandwidthOf(env)];
  const all = [
    ...(telnyx ? [new TelnyxPortingCarrier(telnyx, clock)] : []),
    ...(bandwidth ? [new BandwidthPortingCarrier(bandwidth, clock)] : []),
  ];
  const chosen = env.PORTING_CARRIER ?? 'emulated';
  const first = all.find((carrier) => carrier.name === chosen);
  if (chosen !== 'emulated' && !first)
    throw new Error(
      `PORTING_CARRIER is ${chosen}, whose settings are missing: ${chosen === 'telnyx' ? 'TELNYX_API_KEY' : BANDWIDTH_NEEDS}`,
    );
  return { first, all };
};
const BANDWIDTH_NEEDS = 'BANDWIDTH_ACCOUNT_ID, BANDWIDTH_USER, BANDWIDTH_PASSWORD and BANDWIDTH_SITE_ID';
