import { randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Sealer, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

const CODE_BELOW = 1_000_000;
const put = sql('verification-code-put', `UPDATE verified_number SET code_mac = $3, code_sealed = $4 WHERE tenant_id = $1 AND id = $2`);
const spend = sql<{ mac: Buffer }>(
  'verification-code-spend',
  `UPDATE verified_number SET attempts_left = attempts_left - 1 WHERE tenant_id = $1 AND id = $2 AND state = 'pending' AND attempts_left > 0 AND code_expires_at > $3
   RETURNING code_mac AS mac`,
);
const take = sql<{ e164: string; method: 'sms' | 'voice'; sealed: Buffer; sendsLeft: number }>(
  'verification-code-take',
  `SELECT e164, method, code_sealed AS sealed, sends_left AS "sendsLeft" FROM verified_number
   WHERE tenant_id = $1 AND id = $2 AND state = 'pending' AND code_sealed IS NOT NULL AND code_expires_at > $3`,
);
const drop = sql(
  'verification-code-drop',
  `UPDATE verified_number SET code_sealed = NULL WHERE tenant_id = $1 AND id = $2 AND sends_left = $3`,
);
const waiting = sql<{ id: string; e164: string; method: string; sealed: Buffer; sentAt: Date }>(
  'verification-codes-waiting',
  `SELECT id, e164, method, code_sealed AS sealed, code_sent_at AS "sentAt" FROM verified_number
   WHERE state = 'pending' AND code_sealed IS NOT NULL AND code_expires_at > $1 ORDER BY code_sent_at DESC LIMIT 100`,
);

/** A code that nobody has sent yet. `reference` is another for each code. */
export type DueCode = { readonly to: string; readonly method: 'sms' | 'voice'; readonly code: string; readonly reference: string };

const contextOf = (id: string): string => `verification_code:${id}`;

/** Codes of six digits: kept as a keyed hash, for who has the database alone could try all of them, and sealed until they are sent. */
@Injectable()
export class Codes {
  constructor(private readonly sealer: Sealer) {}

  async make(tx: Tx, tenantId: string, id: string): Promise<void> {
    const code = String(randomInt(CODE_BELOW)).padStart(6, '0');
    await tx.query(put, tenantId, id, this.sealer.mac(code, contextOf(id)), this.sealer.seal(code, contextOf(id)));
  }

  /** Counts an attempt and compares; undefined when there is none left, or no code. */
  async attempt(tx: Tx, tenantId: string, id: string, code: string, now: Date): Promise<boolean | undefined> {
    const [row] = await tx.query(spend, tenantId, id, now);
    return row && timingSafeEqual(row.mac, this.sealer.mac(code, contextOf(id)));
  }

  /** The code that is to be sent; undefined when it was, or is of no use any more. */
  async due(tx: Tx, tenantId: string, id: string, now: Date): Promise<DueCode | undefined> {
    const [row] = await tx.query(take, tenantId, id, now);
    if (!row) return undefined;
    return { to: row.e164, method: row.method, code: this.sealer.open(row.sealed, contextOf(id)), reference: `${id}:${row.sendsLeft}` };
  }

  async forget(tx: Tx, tenantId: string, id: string, { reference }: DueCode): Promise<void> {
    await tx.query(drop, tenantId, id, Number(reference.split(':')[1]));
  }

  /** All that were not sent, the newest first. */
  async unsent(tx: Tx, now: Date): Promise<readonly { to: string; method: string; code: string; sentAt: Date }[]> {
    const rows = await tx.query(waiting, now);
    return rows.map(({ id, e164, method, sealed, sentAt }) => ({
      to: e164,
      method,
      code: this.sealer.open(sealed, contextOf(id)),
      sentAt,
    }));
  }
}
