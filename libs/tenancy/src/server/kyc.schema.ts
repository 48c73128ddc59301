import { toPublicId } from '@trunkline/kernel';
import { DOCUMENT_TYPES, country, idOut, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { DOCUMENT_KINDS, USE_CASES } from '../core/kyc-file.ts';
import { PORTS_OF_STRANGERS } from '../core/kyc-limits.ts';
import { riskLevel } from '../core/kyc-risk.ts';
import { KYC_STATES } from '../core/kyc-state.ts';
import type { WholeFile } from './kyc-queries.ts';
import type { KycPolicy } from './kyc-policy.ts';
import type { KycDocument, TenantsFile } from './kyc.sql.ts';

const statement = {
  legal_name: text(200).nullable().meta({ example: 'Example GmbH' }),
  registration_number: text(80).nullable().describe('In the register of companies'),
  tax_id: text(80).nullable(),
  address_line: text(200).nullable(),
  city: text(120).nullable(),
  postal_code: text(20).nullable(),
  country: country().nullable(),
  use_case: z.enum(USE_CASES).nullable(),
  use_case_detail: text(2_000).nullable(),
  calls_per_day: z.int().min(0).max(100_000_000).nullable().describe('Expected, in both directions'),
  destinations: z.array(country()).max(250).describe('Countries to be called'),
};
export const fileChange = z.strictObject(statement).partial().meta({ id: 'KycFileChange' });

export const documentOut = z
  .strictObject({
    id: idOut('kycDocument'),
    object: z.literal('kyc_document'),
    kind: z.enum(DOCUMENT_KINDS),
    file_name: z.string(),
    media_type: z.enum(Object.keys(DOCUMENT_TYPES)),
    byte_count: z.int(),
    sha256: z.string().describe('Of the bytes as they came'),
    created_at: timestampOut(),
  })
  .meta({ id: 'KycDocument' });

const summary = {
  id: idOut('kycFile'),
  object: z.literal('kyc_file'),
  tenant_id: idOut('tenant'),
  state: z.enum(KYC_STATES),
  ...statement,
  risk: z
    .strictObject({ score: z.int(), level: z.enum(['low', 'medium', 'high']), factors: z.array(z.string()) })
    .nullable()
    .describe('At the last submission; for the operator'),
  reason: z.string().nullable().describe('Why it was rejected, or what is missing'),
  submitted_at: timestampOut().nullable(),
  reviewed_at: timestampOut().nullable(),
  verified_until: timestampOut().nullable(),
  revision: z.int(),
  created_at: timestampOut(),
  updated_at: timestampOut(),
};
const { risk: _, ...withoutRisk } = summary;
export const ownFileOut = z.strictObject({ ...withoutRisk, documents: z.array(documentOut) }).meta({ id: 'OwnKycFile' });
export const fileOut = z.strictObject({ ...summary, documents: z.array(documentOut) }).meta({ id: 'KycFile' });
export const fileSummaryOut = z.strictObject(summary).meta({ id: 'KycFileSummary' });

export const documentToWire = (d: KycDocument): z.infer<typeof documentOut> => ({
  id: toPublicId('kycDocument', d.id),
  object: 'kyc_document',
  kind: d.kind,
  file_name: d.fileName,
  media_type: d.mediaType,
  byte_count: d.byteCount,
  sha256: d.contentHash.toString('hex'),
  created_at: d.createdAt.toISOString(),
});

export const summaryToWire = (f: TenantsFile): z.infer<typeof fileSummaryOut> => ({
  id: toPublicId('kycFile', f.tenantId), // a tenant has one
  object: 'kyc_file',
  tenant_id: toPublicId('tenant', f.tenantId),
  state: f.state,
  legal_name: f.legalName,
  registration_number: f.registrationNumber,
  tax_id: f.taxId,
  address_line: f.addressLine,
  city: f.city,
  postal_code: f.postalCode,
  country: f.country,
  use_case: f.useCase,
  use_case_detail: f.useCaseDetail,
  calls_per_day: f.callsPerDay,
  destinations: [...f.destinations],
  risk: f.risk && { score: f.risk.score, level: riskLevel(f.risk.score), factors: [...f.risk.factors] },
  reason: f.reason,
  submitted_at: f.submittedAt?.toISOString() ?? null,
  reviewed_at: f.reviewedAt?.toISOString() ?? null,
  verified_until: f.verifiedUntil?.toISOString() ?? null,
  revision: f.revision,
  created_at: f.createdAt.toISOString(),
  updated_at: f.updatedAt.toISOString(),
});
export const fileToWire = (f: WholeFile): z.infer<typeof fileOut> => ({ ...summaryToWire(f), documents: f.documents.map(documentToWire) });
export const ownFileToWire = (f: WholeFile): z.infer<typeof ownFileOut> => {
  const { risk: _risk, ...own } = fileToWire(f); // how it is judged is the operator's
  return own;
};

export const policy = z
  .strictObject({
    approved_for_months: z.int().min(1).max(60).default(12).describe('How long an approval holds when it does not say'),
    channels_max: z.int().min(0).max(100_000).nullable().describe('Of a tenant that is not verified; null: no limit'),
    numbers_max: z.int().min(0).max(1_000_000).nullable(),
    calls_per_second_max: z.int().min(1).max(1_000).nullable(),
    countries: z.array(country()).max(250).nullable().describe('That it may call; null: all'),
    ports: z
      .enum(PORTS_OF_STRANGERS)
      .default('reviewed')
      .describe('What becomes of a port in that it submits: the operator looks at it first, or it is refused'),
  })
  .meta({ id: 'KycPolicyChange' });
export const policyOut = z
  .strictObject({ object: z.literal('kyc_policy'), ...policy.shape, approved_for_months: z.int(), ports: z.enum(PORTS_OF_STRANGERS) })
  .meta({ id: 'KycPolicy' });
export const policyToWire = (p: KycPolicy): z.infer<typeof policyOut> => ({
  object: 'kyc_policy',
  approved_for_months: p.approvedForMonths,
  channels_max: p.channelsMax,
  numbers_max: p.numbersMax,
  calls_per_second_max: p.callsPerSecondMax,
  countries: p.countries && [...p.countries],
  ports: p.ports,
});
