import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, publish, sql } from '@trunkline/platform';
import { changeFile, submitFile } from '../core/kyc-file.ts';
import type { KycStatement } from '../core/kyc-file.ts';
import { listDocuments, lockFile, saveFile } from './kyc.sql.ts';
import type { TenantsFile } from './kyc.sql.ts';

const homeCountry = sql<{ country: string }>('kyc-home-country', `SELECT country FROM tenant WHERE id = $1`);

/** What a tenant says of itself, and that the operator may look at it. */
@Injectable()
export class ChangeKycFile {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError kyc.not_editable */
  execute(ctx: TenantContext, change: Partial<KycStatement>): Promise<TenantsFile> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockFile(tx, ctx.tenantId, now);
      expectRevision(ctx, before.revision);
      const file = { ...changeFile(before, change, now), tenantId: ctx.tenantId };
      await saveFile(tx, ctx.tenantId, file);
      audit(tx, ctx, 'kyc_file.updated', ctx.tenantId, { fields: Object.keys(change) }); // what they say is personal: it stays in the file
      return file;
    });
  }

  /** @throws AppError kyc.not_editable, request.invalid with what is missing */
  submit(ctx: TenantContext): Promise<TenantsFile> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockFile(tx, ctx.tenantId, now);
      expectRevision(ctx, before.revision);
      const [home] = await tx.query(homeCountry, ctx.tenantId);
      const kinds = (await listDocuments(tx, ctx.tenantId)).map(({ kind }) => kind);
      const file = { ...submitFile(before, home?.country ?? '', kinds, now), tenantId: ctx.tenantId };
      await saveFile(tx, ctx.tenantId, file);
      audit(tx, ctx, 'kyc_file.submitted', ctx.tenantId, { risk: file.risk });
      publish(tx, { type: 'kyc.submitted', tenantId: ctx.tenantId, data: { tenantId: ctx.tenantId } });
      return file;
    });
  }
}
