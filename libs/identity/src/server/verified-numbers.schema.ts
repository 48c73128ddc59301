import { toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { METHODS, RIGHTS, STATES } from '../core/verified-number.ts';
import type { VerifiedNumber } from '../core/verified-number.ts';
import type { TenantsVerifiedNumber } from './verified-numbers.sql.ts';

export const newVerification = z
  .strictObject({
    number: e164In(),
    method: z.enum(METHODS).describe('A code by text message or call, or papers that the operator looks at'),
    document_id: idIn('kycDocument').nullable().default(null).describe('The paper: a document of your KYC file'),
  })
  .refine((v) => (v.method === 'document') === (v.document_id !== null), {
    path: ['document_id'],
    message: 'must be given for the method "document", and for no other',
  })
  .meta({ id: 'NewVerification' });

export const codeIn = z
  .strictObject({
    code: z
      .string()
      .regex(/^[0-9]{6}$/, 'must be six digits')
      .meta({ example: '042195' }),
  })
  .meta({ id: 'VerificationCode' });

export const approvalIn = z
  .strictObject({
    right: z
      .enum(RIGHTS)
      .default('documented')
      .describe('verified: it is certain that the customer may use the number (attested A); documented: the papers say so (B)'),
    months: z.int().min(1).max(60).default(12).describe('How long it holds'),
  })
  .meta({ id: 'VerificationApproval' });
export const rejectionIn = z.strictObject({ reason: text(500) }).meta({ id: 'VerificationRejection' });

const fields = {
  id: idOut('verifiedNumber'),
  object: z.literal('verified_number'),
  number: z.string(),
  method: z.enum(METHODS),
  state: z.enum(STATES),
  right: z.enum(RIGHTS).nullable().describe('What the proof is worth; null until there is one'),
  document_id: z.string().nullable(),
  code_expires_at: timestampOut().nullable().describe('Until when the code that was sent may be given'),
  attempts_left: z.int(),
  sends_left: z.int().describe('How many more codes may be sent'),
  reason: z.string().nullable().describe('Why it was rejected'),
  verified_at: timestampOut().nullable(),
  expires_at: timestampOut().nullable(),
  created_at: timestampOut(),
  updated_at: timestampOut(),
};
export const verifiedNumberOut = z.strictObject(fields).meta({ id: 'VerifiedNumber' });
export const verificationReviewOut = z.strictObject({ ...fields, tenant_id: idOut('tenant') }).meta({ id: 'VerificationReview' });

const iso = (at: Date | null): string | null => at && at.toISOString();

export const verifiedNumberToWire = (n: VerifiedNumber): z.infer<typeof verifiedNumberOut> => ({
  id: toPublicId('verifiedNumber', n.id),
  object: 'verified_number',
  number: n.e164,
  method: n.method,
  state: n.state,
  right: n.right,
  document_id: n.documentId && toPublicId('kycDocument', n.documentId),
  code_expires_at: n.state === 'pending' ? iso(n.codeExpiresAt) : null,
  attempts_left: n.attemptsLeft,
  sends_left: n.sendsLeft,
  reason: n.reason,
  verified_at: iso(n.verifiedAt),
  expires_at: iso(n.expiresAt),
  created_at: n.createdAt.toISOString(),
  updated_at: n.updatedAt.toISOString(),
});

export const verificationReviewToWire = (n: TenantsVerifiedNumber): z.infer<typeof verificationReviewOut> => ({
  ...verifiedNumberToWire(n),
  tenant_id: toPublicId('tenant', n.tenantId),
});
