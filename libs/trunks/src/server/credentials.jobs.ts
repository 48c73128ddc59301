import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Processor, sql } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { markOwners } from './credential-owner.ts';
import type { CredentialOwner } from './credential-owner.ts';

const context = systemContext('credential expiry');
const expire = sql<CredentialOwner>(
  'credential-old-expire',
  `UPDATE trunk_credential SET old_ha1_md5_sealed = NULL, old_valid_until = NULL WHERE old_valid_until <= $1 RETURNING trunk_id AS "trunkId", credential_list_id AS "credentialListId"`,
);

/**
 * Forgets passwords whose time beside the new one is over, here and, by the mark, on the edges: at most ten seconds late. The edges' intent
 * reads what is kept and knows no clock, so a job that was missed is made good by the next.
 */
@Injectable()
@Processor({ queue: 'credential-expiry', concurrency: 1, everyMs: 10_000 })
export class CredentialExpiry implements ProcessesJobs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async process(): Promise<void> {
    await this.db.tx(context, async (tx) => {
      await markOwners(tx, await tx.query(expire, this.clock.now()));
    });
  }
}
