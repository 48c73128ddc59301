import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log, audit, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import { expireFile, reopenFile, reviewFile } from '../core/kyc-file.ts';
import type { KycFile, KycVerdict } from '../core/kyc-file.ts';
import { dueFiles, lockFile, saveFile, setVerifiedUntil } from './kyc.sql.ts';
import type { TenantsFile } from './kyc.sql.ts';

const EVENTS = {
  approved: 'kyc.approved',
  rejected: 'kyc.rejected',
  more_information: 'kyc.information_requested',
  unverified: 'kyc.reopened',
  expired: 'kyc.expired',
} as const;
const tenantFound = sql<{ id: string }>('kyc-tenant', `SELECT id FROM tenant WHERE id = $1`);

/** What becomes of a submitted file: the operator's answer, or that time went by. */
@Injectable()
export class ReviewKycFile {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @throws AppError resource.not_found, kyc.not_reviewable */
  execute(ctx: SystemContext, tenantId: string, verdict: KycVerdict): Promise<TenantsFile> {
    return this.move(ctx, tenantId, (file, now) => reviewFile(file, verdict, now));
  }

  /** @throws AppError resource.not_found, kyc.not_reviewable */
  reopen(ctx: SystemContext, tenantId: string): Promise<TenantsFile> {
    return this.move(ctx, tenantId, reopenFile);
  }

  /** Ends approvals whose time is over; one that cannot be ended holds up no other. @returns how many */
  async expire(ctx: SystemContext): Promise<number> {
    const due = await this.db.read(ctx, (tx) => dueFiles(tx, this.clock.now()));
    let expired = 0;
    for (const tenantId of due)
      await this.db
        .alone(ctx, () => this.move(ctx, tenantId, endIfDue))
        .then(
          () => (expired += 1),
          (err: unknown) => this.log.error({ tenantId, err }, 'an approval is ended later'),
        );
    return expired;
  }

  private move(ctx: SystemContext, tenantId: string, change: (file: TenantsFile, now: Date) => KycFile): Promise<TenantsFile> {
    return this.db.tx(ctx, async (tx) => {
      if ((await tx.query(tenantFound, tenantId)).length === 0) throw notFound();
      const now = this.clock.now();
      const before = await lockFile(tx, tenantId, now);
      expectRevision(ctx, before.revision);
      const file = { ...change(before, now), tenantId };
      if (file.revision === before.revision) return before;
      await saveFile(tx, tenantId, file);
      await setVerifiedUntil(tx, tenantId, file.verifiedUntil);
      if (file.verifiedUntil?.getTime() !== before.verifiedUntil?.getTime()) markDirty(tx, 'tenant', [tenantId]); // its calls are vouched for, or no more
      const { state, reason, verifiedUntil } = file;
      audit(tx, ctx, `kyc_file.${state}`, tenantId, { from: before.state, reason, verifiedUntil });
      publish(tx, { type: EVENTS[state as keyof typeof EVENTS], tenantId, data: { tenantId, reason, verifiedUntil } });
      return file;
    });
  }
}

/** Answered anew since it was read, it has nothing to end. */
const endIfDue = (file: TenantsFile, now: Date): KycFile =>
  file.verifiedUntil !== null && file.verifiedUntil <= now ? expireFile(file, now) : file;
