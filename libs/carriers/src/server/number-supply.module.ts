import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { z } from 'zod';
import { BandwidthPortOutCarrier } from './bandwidth/bandwidth-port-out-carrier.ts';
import { BandwidthPortingCarrier } from './bandwidth/bandwidth-porting-carrier.ts';
import { CARRIER_SUPPLIERS } from './number-supplier.ts';
import type { NumberSupplier } from './number-supplier.ts';
import { PORT_OUT_SETTINGS } from './port-out-carriers.ts';
import type { PortOutSettings } from './port-out-carriers.ts';
import { REAL_PORTING_CARRIERS } from './porting-carriers.ts';
import type { RealPortingCarriers } from './porting-carriers.ts';
import { TelnyxPortOutCarrier } from './telnyx/telnyx-port-out-carrier.ts';
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
  PORT_OUT_CARRIERS: z
    .string()
    .regex(/^(emulated|telnyx|bandwidth)(,(emulated|telnyx|bandwidth))*$/, 'must be names of carriers with commas between them')
    .optional()
    .describe(
      'Whose requests for numbers are heard, asked after and answered: emulated (rehearsals), telnyx, bandwidth, with commas between them; absent: of all that are set up',
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
        { provide: PORT_OUT_SETTINGS, inject: [Clock], useFactory: (clock: Clock) => portOutSettingsOf(env, clock) },
      ],
      exports: [CARRIER_SUPPLIERS, REAL_PORTING_CARRIERS, PORT_OUT_SETTINGS],
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
  if (chosen !== 'emulated' && !first) throw missing('PORTING_CARRIER', chosen);
  return { first, all };
};

/** @throws when a carrier is named that is not set up */
const portOutSettingsOf = (env: SupplyEnv, clock: Clock): PortOutSettings => {
  const [telnyx, bandwidth] = [telnyxOf(env), bandwidthOf(env)];
  const all = [
    ...(telnyx ? [new TelnyxPortOutCarrier(telnyx, clock)] : []),
    ...(bandwidth ? [new BandwidthPortOutCarrier(bandwidth, clock)] : []),
  ];
  const named = env.PORT_OUT_CARRIERS?.split(',');
  if (!named) return { real: all, emulated: true };
  const real = all.filter((carrier) => named.includes(carrier.name));
  const absent = named.find((name) => name !== 'emulated' && !real.some((carrier) => carrier.name === name));
  if (absent !== undefined) throw missing('PORT_OUT_CARRIERS', absent);
  return { real, emulated: named.includes('emulated') };
};

const missing = (setting: string, carrier: string): Error =>
  new Error(`${setting} names ${carrier}, whose settings are missing: ${carrier === 'telnyx' ? 'TELNYX_API_KEY' : BANDWIDTH_NEEDS}`);
const BANDWIDTH_NEEDS = 'BANDWIDTH_ACCOUNT_ID, BANDWIDTH_USER, BANDWIDTH_PASSWORD and BANDWIDTH_SITE_ID';
