// The yardstick of the api-read benchmark: two Fastify routes that ask what the API asks, by plain pg, and send the rows as they come: no
// tenant isolation, no authentication, no validation, no form of their own.
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const COLUMNS = `id, trunk_id, direction, outcome, "from", "to", caller_id, destination, started_at, answered_at, ended_at, sip_code, reason, hangup_by, attempts, estimated,
  rating_state, currency, amount_nanos, billed_seconds, deck_version_id, prefix, rate_per_minute_nanos, connect_fee_nanos, initial_seconds, increment_seconds, masked_at, waived_at`;
const statements = {
  list: `SELECT ${COLUMNS} FROM cdr WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $3 AND (started_at, id) < ($3::timestamptz, $4::uuid)
    ORDER BY started_at DESC, id DESC LIMIT $5`,
  one: `SELECT c.*, v.deck_id, v.version, r.destination AS rate_destination FROM (SELECT ${COLUMNS} FROM cdr WHERE tenant_id = $1 AND started_at = $2 AND id = $3 LIMIT 1) c
    LEFT JOIN (deck_version v JOIN deck_rate r ON r.deck_version_id = v.id) ON v.id = c.deck_version_id AND r.prefix = c.prefix`,
};
const query = async (key, ...values) => (await pool.query({ name: key, text: statements[key], values })).rows;
const DAY_MS = 86_400_000;

const app = Fastify();
app.get('/health/ready', () => ({ status: 'ok' }));
app.get('/v1/calls', async (request) => {
  const { limit, cursor } = request.query;
  const [at = new Date(Date.now() + 3 * DAY_MS).toISOString(), id = '00000000-0000-0000-0000-000000000000'] = cursor
    ? atob(cursor).split('|')
    : [];
  const rows = await query('list', request.headers.tenant, new Date(Date.now() - 30 * DAY_MS), at, id, Number(limit) + 1);
  const data = rows.slice(0, Number(limit));
  const last = data.at(-1);
  return { data, next_cursor: rows.length > data.length ? btoa(`${last.started_at.toISOString()}|${last.id}`) : null };
});
app.get('/v1/calls/:id', async (request) => {
  const { id } = request.params;
  const startedAt = new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  const [call] = await query('one', request.headers.tenant, startedAt, id);
  return call;
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
