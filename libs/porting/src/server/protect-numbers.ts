import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { lockNumber, readNumber } from '@trunkline/numbers/server';
import { Database, Sealer, audit, changed, publish, sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { pinBlockedUntil } from '../core/pin-guesses.ts';
import type { PinGuesses } from '../core/pin-guesses.ts';
import { pinMacContext } from './take-port-out.ts';

type Secured = { readonly pinMac: Buffer | null } & Partial<PinGuesses>;
type PolicyRow = Secured & { readonly locked: boolean; readonly accountNumber: string | null; readonly postalCode: string | null };
type ProtectionRow = Secured & { readonly locked: boolean | null };

/** What holds for all numbers of a tenant, but for those that have something of their own. */
export type PortOutPolicy = {
  readonly hasPin: boolean;
  readonly locked: boolean;
  readonly accountNumber: string | null;
  readonly postalCode: string | null;
  readonly pinBlockedUntil: Date | null;
};
/** What holds for one number; `locked` is null where the policy's holds. */
export type PortOutProtection = {
  readonly numberId: string;
  readonly hasPin: boolean;
  readonly locked: boolean | null;
  readonly pinBlockedUntil: Date | null;
};
export type PolicyChange = Partial<{ pin: string | null; locked: boolean; accountNumber: string | null; postalCode: string | null }>;
export type ProtectionChange = Partial<{ pin: string | null; locked: boolean | null }>;

const policy = sql<PolicyRow>(
  'port-out-policy',
  `SELECT p.pin_mac AS "pinMac", p.locked, p.account_number AS "accountNumber", p.postal_code AS "postalCode", g.wrong, g.since
   FROM port_out_policy p LEFT JOIN port_out_guess g ON g.tenant_id = p.tenant_id AND g.subject_id = p.tenant_id WHERE p.tenant_id = $1`,
);
const savePolicy = sql(
  'port-out-policy-save',
  `INSERT INTO port_out_policy (tenant_id, pin_mac, locked, account_number, postal_code, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (tenant_id) DO UPDATE SET pin_mac = excluded.pin_mac, locked = excluded.locked, account_number = excluded.account_number,
     postal_code = excluded.postal_code, updated_at = excluded.updated_at`,
);
const protection = sql<ProtectionRow>(
  'port-out-protection',
  `SELECT x.pin_mac AS "pinMac", x.locked, g.wrong, g.since FROM port_out_protection x
     LEFT JOIN port_out_guess g ON g.tenant_id = x.tenant_id AND g.subject_id = x.number_id WHERE x.tenant_id = $1 AND x.number_id = $2`,
);
const saveProtection = sql(
  'port-out-protection-save',
  `INSERT INTO port_out_protection (tenant_id, number_id, pin_mac, locked, updated_at) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id, number_id) DO UPDATE SET pin_mac = excluded.pin_mac, locked = excluded.locked, updated_at = excluded.updated_at`,
);

// whoever has the number knows what they do: the new PIN may be tried at once
const forgetGuesses = sql(
  'port-out-guesses-forget',
  `UPDATE port_out_guess SET wrong = 0, since = NULL WHERE tenant_id = $1 AND subject_id = $2`,
);

const NO_POLICY: PolicyRow = { pinMac: null, locked: false, accountNumber: null, postalCode: null };
const NO_PROTECTION: ProtectionRow = { pinMac: null, locked: null };

/** What keeps numbers from leaving unasked. A PIN is kept as a keyed hash and never told again. */
@Injectable()
export class ProtectNumbers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  policy(ctx: TenantContext): Promise<PortOutPolicy> {
    return this.db.read(ctx, async (tx) => this.policyOf((await tx.query(policy, ctx.tenantId))[0] ?? NO_POLICY));
  }

  changePolicy(ctx: TenantContext, change: PolicyChange): Promise<PortOutPolicy> {
    return this.db.tx(ctx, async (tx) => {
      const { pin, ...rest } = change;
      await takeTurn(tx, `port_out_policy:${ctx.tenantId}`); // of two at once, the later would undo what the earlier set
      const before = (await tx.query(policy, ctx.tenantId))[0] ?? NO_POLICY;
      const after = { ...before, ...rest, ...(await this.secured(tx, ctx, ctx.tenantId, before, pin)) };
      await tx.query(savePolicy, ctx.tenantId, after.pinMac, after.locked, after.accountNumber, after.postalCode, this.clock.now());
      audit(tx, ctx, 'port_out_policy.changed', ctx.tenantId, changed(said(before), said(after)));
      publish(tx, { type: 'port_out_policy.changed', tenantId: ctx.tenantId, data: {} });
      return this.policyOf(after);
    });
  }

  /** @throws AppError resource.not_found */
  of(ctx: TenantContext, numberId: string): Promise<PortOutProtection> {
    return this.db.read(ctx, async (tx) => {
      await readNumber(tx, ctx.tenantId, numberId, this.clock.now());
      return this.protectionOf(numberId, await this.read(tx, ctx, numberId));
    });
  }

  /** @throws AppError resource.not_found */
  change(ctx: TenantContext, numberId: string, { pin, ...rest }: ProtectionChange): Promise<PortOutProtection> {
    return this.db.tx(ctx, async (tx) => {
      const { e164 } = await lockNumber(tx, ctx.tenantId, numberId, this.clock.now());
      const before = await this.read(tx, ctx, numberId);
      const after = { ...before, ...rest, ...(await this.secured(tx, ctx, numberId, before, pin)) };
      await tx.query(saveProtection, ctx.tenantId, numberId, after.pinMac, after.locked, this.clock.now());
      const told = { numberId, e164, locked: after.locked, hasPin: after.pinMac !== null };
      audit(tx, ctx, 'number.port_out_protected', numberId, told);
      publish(tx, { type: 'number.port_out_protected', tenantId: ctx.tenantId, data: told });
      return this.protectionOf(numberId, after);
    });
  }

  private async read(tx: Tx, ctx: TenantContext, numberId: string): Promise<ProtectionRow> {
    return (await tx.query(protection, ctx.tenantId, numberId))[0] ?? NO_PROTECTION;
  }

  private async secured(
    tx: Tx,
    { tenantId }: TenantContext,
    subjectId: string,
    before: Secured,
    pin: string | null | undefined,
  ): Promise<Secured> {
    if (pin === undefined) return { pinMac: before.pinMac };
    await tx.query(forgetGuesses, tenantId, subjectId);
    return { pinMac: pin === null ? null : this.sealer.mac(pin, pinMacContext(tenantId)), wrong: 0, since: null };
  }

  private policyOf({ pinMac, wrong = 0, since = null, ...rest }: PolicyRow): PortOutPolicy {
    return { ...rest, hasPin: pinMac !== null, pinBlockedUntil: pinBlockedUntil({ wrong: wrong ?? 0, since }, this.clock.now()) };
  }

  private protectionOf(numberId: string, { pinMac, locked, wrong = 0, since = null }: ProtectionRow): PortOutProtection {
    const until = pinBlockedUntil({ wrong: wrong ?? 0, since }, this.clock.now());
    return { numberId, hasPin: pinMac !== null, locked, pinBlockedUntil: until };
  }
}

/** A row as the audit may tell it. */
const said = ({ pinMac, locked, accountNumber, postalCode }: PolicyRow) => ({ hasPin: pinMac !== null, locked, accountNumber, postalCode });
