import type { Position } from '@trunkline/kernel';
import { arrayLiteral, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { PriceStep } from '@trunkline/rating';
import type { ChannelAssignment, ChannelOffer, ChannelPool } from '../core/channel-pool.ts';

type OfferRow = Omit<ChannelOffer, 'steps'>;
const OFFER = `SELECT o.id, o.name, o.currency, o.countries, o.included_per_number AS "includedPerNumber", o.minimum_channels AS "minimumChannels",
  o.metered_by AS "meteredBy", o.metered_nanos AS "meteredNanos", o.created_at AS "createdAt" FROM channel_offer o`;
const insertOffers = sql(
  'channel-offer-insert',
  `WITH offer AS (
     INSERT INTO channel_offer (id, name, currency, countries, included_per_number, minimum_channels, metered_by, metered_nanos, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
   ) INSERT INTO channel_offer_step (offer_id, from_channels, monthly_nanos, setup_nanos)
   SELECT offer.id, s.* FROM offer, unnest($10::int[], $11::bigint[], $12::bigint[]) AS s`,
);
const offersOf = sql<OfferRow>('channel-offers-of', `${OFFER} WHERE o.id = ANY ($1::uuid[])`);
const allOffers = sql<OfferRow>(
  'channel-offer-list',
  `${OFFER} WHERE (o.created_at, o.id) < ($1, $2) AND ($4::text IS NULL OR o.countries @> ARRAY[$4::char(2)]) ORDER BY o.created_at DESC, o.id DESC LIMIT $3`,
);
const ownOffers = sql<OfferRow>(
  'channel-offer-list-own',
  `${OFFER} JOIN tenant t ON t.id = $5 AND t.currency = o.currency
   WHERE (o.created_at, o.id) < ($1, $2) AND ($4::text IS NULL OR o.countries @> ARRAY[$4::char(2)]) ORDER BY o.created_at DESC, o.id DESC LIMIT $3`,
);
const steps = sql<PriceStep & { offerId: string }>(
  'channel-offer-steps',
  `SELECT offer_id AS "offerId", from_channels AS "fromChannels", monthly_nanos AS "monthlyNanos", setup_nanos AS "setupNanos"
   FROM channel_offer_step WHERE offer_id = ANY ($1::uuid[]) ORDER BY offer_id, from_channels`,
);
const POOL = `SELECT id, offer_id AS "offerId", channels, revision, created_at AS "createdAt", updated_at AS "updatedAt" FROM channel_pool`;
const openPool = sql(
  'channel-pool-open',
  `INSERT INTO channel_pool (tenant_id, id, offer_id, channels, created_at, updated_at) VALUES ($1, $2, $3, 0, $4, $4) ON CONFLICT (tenant_id, offer_id) DO NOTHING`,
);
const poolOfOffer = sql<ChannelPool>('channel-pool-of-offer', `${POOL} WHERE tenant_id = $1 AND offer_id = $2 FOR UPDATE`);
const lockOne = sql<ChannelPool>('channel-pool-lock', `${POOL} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const resize = sql(
  'channel-pool-resize',
  `UPDATE channel_pool SET channels = $3, revision = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2`,
);
const poolList = sql<ChannelPool>(
  'channel-pool-list',
  `${POOL} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const poolsOf = sql<ChannelPool>('channel-pools-of', `${POOL} WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`);
const assignments = sql<ChannelAssignment & { poolId: string }>(
  'channel-assignments',
  `SELECT 'dedicated' AS kind, c.id, n.e164 AS name, c.dedicated AS channels, c.pool_id AS "poolId" FROM number_channels c
     JOIN number_assignment n ON n.tenant_id = c.tenant_id AND n.id = c.id WHERE c.tenant_id = $1 AND c.pool_id = ANY ($2::uuid[]) AND c.dedicated > 0
   UNION ALL SELECT 'shared', g.id, g.name, g.shared, g.pool_id FROM channel_group g WHERE g.tenant_id = $1 AND g.pool_id = ANY ($2::uuid[]) AND g.shared > 0
   ORDER BY kind, name`,
);
const currencyOf = sql<{ currency: string }>('channel-tenant-currency', `SELECT currency FROM tenant WHERE id = $1`);

export const insertOffer = (tx: Tx, o: ChannelOffer): Promise<unknown> =>
  tx.query(
    insertOffers,
    ...[o.id, o.name, o.currency, o.countries, o.includedPerNumber, o.minimumChannels, o.meteredBy, o.meteredNanos, o.createdAt],
    ...[o.steps.map((s) => s.fromChannels), o.steps.map((s) => s.monthlyNanos), o.steps.map((s) => s.setupNanos)].map(arrayLiteral),
  );

const withSteps = async (tx: Tx, offers: readonly OfferRow[]): Promise<ChannelOffer[]> => {
  const found = offers.length > 0 ? await tx.query(steps, offers.map((o) => o.id)) : []; // prettier-ignore
  return offers.map((o) => ({ ...o, steps: found.filter((s) => s.offerId === o.id).map(({ offerId, ...step }) => step) }));
};

export const readOffers = async (tx: Tx, ids: readonly string[]): Promise<ChannelOffer[]> =>
  withSteps(tx, await tx.query(offersOf, [...new Set(ids)]));

/** Offers after a position, newest first; of a tenant those in its currency. */
export const listOffers = async (tx: Tx, after: Position, limit: number, country?: string, tenantId?: string): Promise<ChannelOffer[]> =>
  withSteps(
    tx,
    tenantId === undefined
      ? await tx.query(allOffers, after.createdAt, after.id, limit, country)
      : await tx.query(ownOffers, after.createdAt, after.id, limit, country, tenantId),
  );

/** What the tenant has of the offer, made when it has nothing yet; locked until the transaction ends. */
export const lockPoolOfOffer = async (tx: Tx, tenantId: string, id: string, offerId: string, now: Date): Promise<ChannelPool> => {
  await tx.query(openPool, tenantId, id, offerId, now);
  const [pool] = await tx.query(poolOfOffer, tenantId, offerId);
  if (!pool) throw new Error('a pool that was just made is not there');
  return pool;
};

/** Who assigns channels of a pool, or changes how many there are, locks it first: no two find the same one free. */
export const lockPool = async (tx: Tx, tenantId: string, id: string): Promise<ChannelPool | undefined> =>
  (await tx.query(lockOne, tenantId, id))[0];

export const resizePoolRow = (tx: Tx, tenantId: string, { id, channels, revision, updatedAt }: ChannelPool): Promise<unknown> =>
  tx.query(resize, tenantId, id, channels, revision, updatedAt);

export const listPools = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<ChannelPool[]> =>
  tx.query(poolList, tenantId, after.createdAt, after.id, limit);

export const readPools = (tx: Tx, tenantId: string, ids: readonly string[]): Promise<ChannelPool[]> => tx.query(poolsOf, tenantId, ids);

/** Who holds channels of these pools: dedicated ones first, by number. */
export const assignmentsOf = (
  tx: Tx,
  tenantId: string,
  poolIds: readonly string[],
): Promise<(ChannelAssignment & { readonly poolId: string })[]> => tx.query(assignments, tenantId, poolIds);

export const tenantCurrency = async (tx: Tx, tenantId: string): Promise<string | undefined> =>
  (await tx.query(currencyOf, tenantId))[0]?.currency;
