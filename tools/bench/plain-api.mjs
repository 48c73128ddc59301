// The yardstick of the api benchmark: one Fastify route that writes the rows of a new trunk with pg, and nothing else: no tenant
// isolation, no authentication, no validation, no prices looked up.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const tenants = (await pool.query('SELECT id FROM tenant')).rows.map((row) => row.id);
let n = 0;
const statements = {
  trunk: `INSERT INTO trunk (tenant_id, id, name, country, channels_max, enabled, allowed_countries, inbound_routes, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, true, '{}', '[]', 1, now(), now())`,
  recurring: `INSERT INTO recurring_item (tenant_id, id, kind, resource_id, description, quantity, unit_monthly_nanos, currency, "from") VALUES ($1, $2, 'channel', $3, $4, $5, 4000000000, 'USD', date_trunc('day', now()))`,
  node: `UPDATE tenant_node SET channels_used = channels_used + $2 WHERE id = $1`,
  posting: `INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds, debit, credit, amount_nanos) VALUES ($1, $2, 'setup_channel', 'USD', date_trunc('month', now()), now(), $3, 1, 0, 'customer', 'setup_revenue', $4)`,
  balance: `INSERT INTO balance (tenant_id, currency, amount_nanos) VALUES ($1, 'USD', $2) ON CONFLICT (tenant_id, currency) DO UPDATE SET amount_nanos = balance.amount_nanos + excluded.amount_nanos`,
  dirty: `WITH d AS (INSERT INTO edge_dirty (resource_type, resource_id, created_at) VALUES ('trunk', $1, now())) SELECT pg_notify('edge_dirty', '')`,
  audit: `INSERT INTO audit_entry (tenant_id, id, at, actor_type, actor_id, request_id, action, resource_id, data) VALUES ($1, $2, now(), 'api_key', 'plain', 'req', 'trunk.created', $3, $4)`,
  outbox: `WITH o AS (INSERT INTO outbox (tenant_id, id, type, payload, created_at) VALUES ($1, $2, 'trunk.created', $3, now())) SELECT pg_notify('outbox', '')`,
};

const app = Fastify({ genReqId: () => randomUUID() });
app.get('/health/ready', () => ({ status: 'ok' }));
app.post('/v1/trunks', async (request, reply) => {
  const { name, country, channels_max: channels } = request.body;
  const tenant = tenants[++n % tenants.length];
  const id = randomUUID();
  const posting = randomUUID();
  const fee = BigInt(channels) * 1_000_000_000n;
  const client = await pool.connect();
  const query = (key, ...values) => client.query({ name: key, text: statements[key], values });
  try {
    await client.query('BEGIN');
    await query('trunk', tenant, id, name, country, channels);
    await query('node', tenant, channels);
    await query('recurring', tenant, randomUUID(), id, name, channels);
    await query('posting', tenant, posting, `${id}:1`, fee);
    await query('balance', tenant, fee);
    await query('dirty', id);
    await query('audit', tenant, randomUUID(), id, JSON.stringify(request.body));
    await query('outbox', tenant, randomUUID(), JSON.stringify({ trunkId: id }));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  return reply.status(201).send({ id, object: 'trunk', name, country, channels_max: channels });
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
