import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Sealer } from '@trunkline/platform';
import { ha1Context, registrarContext } from '@trunkline/trunks/server';
import type pg from 'pg';

/** Writes rows of other domains as their own use cases would leave them, with the marks, by the owner's connection. */
export class Rows {
  constructor(
    private readonly owner: pg.Client,
    private readonly app: INestApplicationContext,
  ) {}

  async mark(type: string, id: string): Promise<void> {
    await this.owner.query(`INSERT INTO edge_dirty (resource_type, resource_id, created_at) VALUES ($1, $2, now())`, [type, id]);
    await this.owner.query(`SELECT pg_notify('edge_dirty', '')`);
  }

  async tenant(): Promise<string> {
    const id = randomUUID();
    await this.owner.query(
      `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'T', 'US', 'USD', now(), now())`,
      [id],
    );
    await this.mark('tenant', id);
    return id;
  }

  async trunk(tenantId: string, country = 'US'): Promise<string> {
    const id = randomUUID();
    await this.owner.query(
      `INSERT INTO trunk (tenant_id, id, name, country, channels_max, allowed_countries, inbound_routes, max_call_secs, max_ring_secs, reroute_codes,
         disaster_recovery_uri, pass_verified, presence_numbers, reject_anonymous, own_cap_inbound, created_at, updated_at)
       VALUES ($1, $2, $3, $4, 2, '{US}', '[]', 600, 20, '{404,503}', 'sip:192.0.2.9', true, '{+12025550001}', true, 1, now(), now())`,
      [tenantId, id, id, country],
    );
    await this.mark('trunk', id);
    return id;
  }

  async changeTrunk(id: string): Promise<void> {
    await this.owner.query(`UPDATE trunk SET channels_max = channels_max + 1, revision = revision + 1 WHERE id = $1`, [id]);
    await this.mark('trunk', id);
  }

  async deleteTrunk(id: string): Promise<void> {
    await this.owner.query(`UPDATE trunk SET deleted_at = now(), revision = revision + 1 WHERE id = $1`, [id]);
    await this.mark('trunk', id);
  }

  async credential(tenantId: string, trunkId: string, username: string): Promise<void> {
    const id = randomUUID();
    const sealed = this.app.get(Sealer).seal('a'.repeat(32), ha1Context(id));
    await this.owner.query(
      `INSERT INTO trunk_credential (tenant_id, id, trunk_id, username, ha1_md5_sealed, ha1_sha256_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $5, now())`,
      [tenantId, id, trunkId, username, sealed],
    );
    await this.mark('trunk', trunkId);
  }

  /** A pool of so many channels, and a group in it. */
  async channels(tenantId: string, channels: number): Promise<{ readonly pool: string; readonly group: string }> {
    const [offer, pool, group] = [randomUUID(), randomUUID(), randomUUID()];
    await this.owner.query(
      `INSERT INTO channel_offer (id, name, currency, countries, included_per_number, minimum_channels, metered_by, metered_nanos, created_at)
       VALUES ($1, $2, 'USD', '{US}', 0, 0, 'minute', 0, now())`,
      [offer, offer],
    );
    await this.owner.query(
      `INSERT INTO channel_pool (tenant_id, id, offer_id, channels, created_at, updated_at) VALUES ($1, $2, $3, $4, now(), now())`,
      [tenantId, pool, offer, channels],
    );
    await this.owner.query(
      `INSERT INTO channel_group (tenant_id, id, pool_id, name, direction, shared, metered_max, created_at, updated_at)
       VALUES ($1, $2, $3, $4, 'both', 0, 0, now(), now())`,
      [tenantId, group, pool, group],
    );
    await this.mark('channel_pool', pool);
    await this.mark('channel_group', group);
    return { pool, group };
  }

  /** Where the trunk's edge registers. */
  async registrar(tenantId: string, trunkId: string): Promise<void> {
    const sealed = this.app.get(Sealer).seal('b'.repeat(32), registrarContext(trunkId));
    await this.owner.query(
      `INSERT INTO trunk_registrar (tenant_id, id, uri, username, realm, ha1_md5_sealed, expires_secs, created_at, updated_at)
       VALUES ($1, $2, 'sip:192.0.2.10', 'us', 'pbx', $3, 600, now(), now())`,
      [tenantId, trunkId, sealed],
    );
    await this.mark('trunk', trunkId);
  }

  /** The password before the present one, still valid. */
  async rotated(trunkId: string, username: string): Promise<void> {
    const { rows } = await this.owner.query<{ id: string }>(`SELECT id FROM trunk_credential WHERE username = $1`, [username]);
    const sealed = this.app.get(Sealer).seal('0'.repeat(32), ha1Context(rows[0]?.id ?? ''));
    await this.owner.query(`UPDATE trunk_credential SET old_ha1_md5_sealed = $2, old_valid_until = now() WHERE username = $1`, [
      username,
      sealed,
    ]);
    await this.mark('trunk', trunkId);
  }

  async address(tenantId: string, trunkId: string, network: string, techPrefix: string | null = null): Promise<void> {
    await this.owner.query(
      `INSERT INTO trunk_address (tenant_id, id, trunk_id, network, tech_prefix, created_at) VALUES ($1, gen_random_uuid(), $2, $3, $4, now())`,
      [tenantId, trunkId, network, techPrefix],
    );
    await this.mark('trunk', trunkId);
  }

  /** A caller ID that the tenant verified, for as long as is said. */
  async verified(tenantId: string, e164: string, lasting = '1 year'): Promise<void> {
    await this.owner.query(
      `INSERT INTO verified_number (tenant_id, id, e164, method, state, "right", verified_at, expires_at, created_at, updated_at)
       VALUES ($1, gen_random_uuid(), $2, 'sms', 'verified', 'verified', now(), now() + $3::interval, now(), now())`,
      [tenantId, e164, lasting],
    );
    await this.mark('verified', `${tenantId}:${e164.slice(1)}`);
  }

  async releaseAddresses(trunkId: string): Promise<void> {
    await this.owner.query(`UPDATE trunk_address SET released_at = now() WHERE trunk_id = $1`, [trunkId]);
    await this.mark('trunk', trunkId);
  }

  /** `count` consecutive numbers from +12025550000 up, assigned to the tenant; marked unless told otherwise. */
  async numbers(tenantId: string, trunkId: string, count: number, mark = true): Promise<void> {
    await this.owner.query(
      `WITH n AS (SELECT '+' || (12020000000 + i) AS e164 FROM generate_series(1, $1::bigint) i),
            kept AS (INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) SELECT e164, 'US', '202', 'local', 'assigned', now() FROM n)
       INSERT INTO number_assignment (tenant_id, id, e164, trunk_id, created_at, updated_at) SELECT $2, gen_random_uuid(), e164, $3, now(), now() FROM n`,
      [count, tenantId, trunkId],
    );
    if (mark)
      await this.owner.query(
        `INSERT INTO edge_dirty (resource_type, resource_id, created_at) SELECT 'number', e164, now() FROM number_assignment`,
      );
    await this.owner.query(`SELECT pg_notify('edge_dirty', '')`);
  }

  async enrolledEdge(name: string): Promise<string> {
    const id = randomUUID();
    await this.owner.query(
      `INSERT INTO edge (id, name, scope, sip_address, enrolled_at, created_at) VALUES ($1, $2, 'main', '127.0.40.1:5060', now(), now())`,
      [id, name],
    );
    return id;
  }
}
