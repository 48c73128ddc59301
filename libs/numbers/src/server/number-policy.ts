import { Injectable } from '@nestjs/common';
import type { SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { QuarantineRule } from '../core/quarantine.ts';

export type NumberPolicy = { readonly quarantineRules: readonly QuarantineRule[] };

const read = sql<NumberPolicy>('number-policy', `SELECT quarantine_rules AS "quarantineRules" FROM number_policy`);
const write = sql('number-policy-write', `UPDATE number_policy SET quarantine_rules = $1::jsonb`);

/** How long released numbers rest, as the operator says. A rest that has begun stays as it is. */
export const quarantineRules = async (tx: Tx): Promise<readonly QuarantineRule[]> => (await tx.query(read))[0]?.quarantineRules ?? [];

/** What the operator says of all numbers: nothing, at first. */
@Injectable()
export class NumberPolicies {
  constructor(private readonly db: Database) {}

  read(ctx: SystemContext): Promise<NumberPolicy> {
    return this.db.read(ctx, async (tx) => ({ quarantineRules: await quarantineRules(tx) }));
  }

  /** Rules below the floor of their country never get here: their schema refuses them, and quarantineDays would not heed them. */
  replace(ctx: SystemContext, policy: NumberPolicy): Promise<NumberPolicy> {
    return this.db.tx(ctx, async (tx) => {
      await tx.query(write, JSON.stringify(policy.quarantineRules));
      audit(tx, ctx, 'number_policy.replaced', PLATFORM_TENANT_ID, policy);
      return policy;
    });
  }
}
