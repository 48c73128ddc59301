import { CHANNEL_DIRECTIONS } from '@trunkline/edge-core';
import { z } from 'zod';

export const many = () => z.int().min(0).max(100_000);
export const cap = () => many().nullable().default(null).describe('null: no cap');
export const direction = z.enum(CHANNEL_DIRECTIONS);

export const caps = () =>
  z.strictObject({ both: cap(), inbound: cap(), outbound: cap() }).describe('The most calls at one time, whatever carries them');

export const capsOut = z.strictObject({ both: z.int().nullable(), inbound: z.int().nullable(), outbound: z.int().nullable() });

/** What a body says of settings, under the names that they have here. What it leaves out stays out. */
const renamed = (names: Readonly<Record<string, string>>, body: object): object =>
  Object.fromEntries(Object.entries(body).map(([key, value]) => [names[key] ?? key, value]));

const NAMES = {
  pool_id: 'poolId',
  group_id: 'groupId',
  shared_channels: 'shared',
  dedicated_channels: 'dedicated',
  metered_channels_max: 'meteredMax',
  channel_caps: 'caps',
};

export const settingsOf = <T>(body: object): T => renamed(NAMES, body) as T;
