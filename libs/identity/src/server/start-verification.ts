import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { CountGuess } from '@trunkline/people/server';
import { Database, audit, isUniqueViolation, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { identityErrors } from '../core/errors.ts';
import { openVerification, withCode } from '../core/verified-number.ts';
import type { Method, VerifiedNumber } from '../core/verified-number.ts';
import { Codes } from './codes.ts';
import { CODE_REQUESTED } from './send-code.ts';
import { expireVerifiedNumbers, insertVerifiedNumber, lockVerifiedNumber, updateVerifiedNumber } from './verified-numbers.sql.ts';

export type NewVerification = { readonly number: E164; readonly method: Method; readonly documentId: string | null };

const paper = sql<{ id: string }>(
  'verification-paper',
  `SELECT id FROM kyc_document WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL FOR KEY SHARE`,
);

/** Begins to prove that the tenant may present a number. Whoever has it is not asked about and not told: the answer is the same for every number. */
@Injectable()
export class StartVerification {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly codes: Codes,
    private readonly guesses: CountGuess,
  ) {}

  /** @throws AppError verified_number.exists, auth.too_many_attempts, request.invalid at /document_id */
  async execute(ctx: TenantContext, { number: e164, method, documentId }: NewVerification): Promise<VerifiedNumber> {
    if (method !== 'document') await this.bound(ctx, e164);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      if (documentId !== null) await requirePaper(tx, ctx.tenantId, documentId);
      await expireVerifiedNumbers(tx, now, { tenantId: ctx.tenantId, e164 });
      const opened = openVerification(newId(), e164, method, documentId, now);
      await insertVerifiedNumber(tx, ctx.tenantId, opened).catch(exists);
      audit(tx, ctx, 'verified_number.started', opened.id, { e164, method, documentId });
      publish(tx, { type: 'verified_number.started', tenantId: ctx.tenantId, data: { verifiedNumberId: opened.id, e164 } });
      return method === 'document' ? opened : this.send(tx, ctx, opened, now);
    });
  }

  /** Sends another code in place of the last. @throws AppError resource.not_found, verified_number.not_pending, too_soon, too_many_codes, auth.too_many_attempts */
  async again(ctx: TenantContext, id: string): Promise<VerifiedNumber> {
    const { e164 } = await this.db.tx(ctx, async (tx) => withCode(await lockVerifiedNumber(tx, ctx.tenantId, id), this.clock.now()));
    await this.bound(ctx, e164);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const number = await this.send(tx, ctx, await lockVerifiedNumber(tx, ctx.tenantId, id), now);
      audit(tx, ctx, 'verified_number.code_sent', id);
      return number;
    });
  }

  private async send(tx: Tx, ctx: TenantContext, number: VerifiedNumber, now: Date): Promise<VerifiedNumber> {
    const sent = withCode(number, now);
    await updateVerifiedNumber(tx, ctx.tenantId, sent);
    await this.codes.make(tx, ctx.tenantId, number.id);
    publish(tx, { type: CODE_REQUESTED, tenantId: ctx.tenantId, data: { verifiedNumberId: number.id } });
    return sent;
  }

  /** Nobody's telephone is to be kept ringing, whichever tenants ask, and no tenant is to dial through the numbers. */
  private bound(ctx: TenantContext, e164: E164): Promise<void> {
    return this.guesses.execute([
      { limit: 'codeTo', subject: e164 },
      { limit: 'codeFrom', subject: ctx.tenantId },
    ]);
  }
}

const requirePaper = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  if ((await tx.query(paper, tenantId, id)).length === 0) throw invalidField('/document_id', 'unknown', 'No such document');
};

const exists = (error: unknown): never => {
  if (!isUniqueViolation(error, 'verified_number_live_key')) throw error;
  const { title } = identityErrors.numberTaken;
  throw new AppError(identityErrors.numberTaken, undefined, { errors: [{ pointer: '/number', code: 'exists', detail: title }] });
};
