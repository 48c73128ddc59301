import { AppError, invalidField } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';
import type { PriceStep } from '@trunkline/rating';
import { channelErrors } from './errors.ts';

/** What a metered channel is paid by: minutes of calls, or the most that were used at one time in a month. */
export const METERED_BY = ['minute', 'peak'] as const;
export type MeteredBy = (typeof METERED_BY)[number];

/** What the operator sells for a set of countries. It never changes: other prices are another offer. */
export type NewChannelOffer = {
  readonly name: string;
  readonly currency: string;
  readonly countries: readonly string[];
  readonly includedPerNumber: number; // channels that each number of a pool brings along
  readonly minimumChannels: number; //   the fewest that a tenant may hold, if any
  readonly steps: readonly PriceStep[];
  readonly meteredBy: MeteredBy;
  readonly meteredNanos: bigint;
};
export type ChannelOffer = NewChannelOffer & { readonly id: string; readonly createdAt: Date };

/** What a tenant bought of an offer. */
export type ChannelPool = {
  readonly id: string;
  readonly offerId: string;
  readonly channels: number;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Channels of a pool in somebody's hands: dedicated to a number, or shared by a group. */
export type ChannelAssignment = {
  readonly kind: 'dedicated' | 'shared';
  readonly id: string;
  readonly name: string;
  readonly channels: number;
};

export const assignedOf = (assignments: readonly ChannelAssignment[]): number => assignments.reduce((n, a) => n + a.channels, 0);

/**
 * The pool with another number of channels.
 * @throws AppError request.invalid below the minimum, channel_pool.assigned with whatever holds them
 */
export const resizePool = (
  pool: ChannelPool,
  offer: ChannelOffer,
  channels: number,
  assignments: readonly ChannelAssignment[],
  now: Date,
): ChannelPool => {
  if (channels > 0 && channels < offer.minimumChannels)
    throw invalidField('/channels', 'minimum', `Of this offer a tenant holds at least ${offer.minimumChannels} channels, or none`);
  const assigned = assignedOf(assignments);
  if (channels < assigned) throw new AppError(channelErrors.assigned, `${assigned} are assigned`, { errors: assignments.map(told) });
  return channels === pool.channels ? pool : { ...pool, channels, revision: pool.revision + 1, updatedAt: now };
};

const told = ({ kind, name, channels }: ChannelAssignment): FieldError => ({
  pointer: '/channels',
  code: kind,
  detail: kind === 'dedicated' ? `${channels} dedicated to ${name}` : `${channels} shared by group “${name}”`,
});

/**
 * Whether somebody may hold this many channels of the pool beside all others.
 * @param others who hold channels of it, without the one that asks
 * @throws AppError channel_pool.used_up
 */
export const holdChannels = (pool: ChannelPool, others: readonly ChannelAssignment[], channels: number, pointer: string): void => {
  const free = pool.channels - assignedOf(others);
  if (channels <= free || channels === 0) return;
  const errors = [{ pointer, code: 'used_up', detail: `${Math.max(0, free)} are free, ${channels} were asked for` }];
  throw new AppError(channelErrors.used, undefined, { errors });
};
