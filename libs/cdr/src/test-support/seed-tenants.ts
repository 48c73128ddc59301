import pg from 'pg';

/** Rates by prefix: US 0.006 a minute 60/6, DE 0.012 + 0.001 connect 1/1; inbound 0.003 a minute 60/60. France has none. */
export const OUTBOUND = [
  { prefix: '1', ratePerMinuteNanos: 6_000_000n, connectFeeNanos: 0n, initialSeconds: 60, incrementSeconds: 6 },
  { prefix: '49', ratePerMinuteNanos: 12_000_000n, connectFeeNanos: 1_000_000n, initialSeconds: 1, incrementSeconds: 1 },
] as const;
export const INBOUND = {
  prefix: '1',
  ratePerMinuteNanos: 3_000_000n,
  connectFeeNanos: 0n,
  initialSeconds: 60,
  incrementSeconds: 60,
} as const;

export const uuid = (space: number, n: number): string =>
  `${space.toString(16).padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const tenantId = (n: number): string => uuid(1, n);
export const EDGE_ID = uuid(2, 1);
export const OUTBOUND_DECK = { id: uuid(3, 1), versionId: uuid(4, 1) } as const;
export const INBOUND_DECK = { id: uuid(3, 2), versionId: uuid(4, 2) } as const;
const PLAN_ID = uuid(5, 1);

/** Tenants 1 to `count` in USD on one plan with the decks above, all in force since 2026-01-01. */
export const seedTenants = async (ownerUrl: string, count: number): Promise<void> => {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const since = '2026-01-01T00:00:00Z';
  const rate =
    'INSERT INTO deck_rate (deck_version_id, prefix, destination, rate_per_minute_nanos, connect_fee_nanos, initial_seconds, increment_seconds) VALUES ($1, $2, $3, $4, $5, $6, $7)';
  try {
    for (const [deck, name, rates] of [
      [OUTBOUND_DECK, 'out', OUTBOUND],
      [INBOUND_DECK, 'in', [INBOUND]],
    ] as const) {
      await client.query(`INSERT INTO deck (id, name, currency, created_at) VALUES ($1, $2, 'USD', $3)`, [deck.id, name, since]);
      await client.query(
        'INSERT INTO deck_version (id, deck_id, version, effective_from, rates_count, created_at) VALUES ($1, $2, 1, $3, $4, $3)',
        [deck.versionId, deck.id, since, rates.length],
      );
      for (const r of rates)
        await client.query(rate, [
          deck.versionId,
          r.prefix,
          `zone ${r.prefix}`,
          r.ratePerMinuteNanos,
          r.connectFeeNanos,
          r.initialSeconds,
          r.incrementSeconds,
        ]);
    }
    await client.query(
      `INSERT INTO plan (id, name, currency, channel_monthly_nanos, channel_setup_nanos, number_monthly_nanos, number_setup_nanos, outbound_deck_id, inbound_deck_id, created_at)
       VALUES ($1, 'plan', 'USD', 0, 0, 0, 0, $2, $3, $4)`,
      [PLAN_ID, OUTBOUND_DECK.id, INBOUND_DECK.id, since],
    );
    const ids = Array.from({ length: count }, (_, i) => tenantId(i + 1));
    await client.query(
      `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) SELECT id, id::text, 'US', 'USD', $2, $2 FROM unnest($1::uuid[]) AS u (id)`,
      [ids, since],
    );
    await client.query(
      `INSERT INTO plan_assignment (tenant_id, id, plan_id, "from", created_at) SELECT id, id, $2, $3, $3 FROM unnest($1::uuid[]) AS u (id)`,
      [ids, PLAN_ID, since],
    );
  } finally {
    await client.end();
  }
};
