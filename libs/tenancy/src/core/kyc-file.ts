import { AppError, canTransition, kernelErrors } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';
import { tenancyErrors } from './errors.ts';
import { riskOf } from './kyc-risk.ts';
import type { Risk } from './kyc-risk.ts';
import { KYC_TRANSITIONS, isEditable } from './kyc-state.ts';
import type { KycState } from './kyc-state.ts';

export const USE_CASES = ['office', 'contact_center', 'outbound_campaigns', 'conversational_ai', 'resale', 'other'] as const;
export type UseCase = (typeof USE_CASES)[number];
export const DOCUMENT_KINDS = ['registration', 'identity', 'address', 'tax', 'other'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What a tenant says of itself. */
export type KycStatement = {
  readonly legalName: string | null;
  readonly registrationNumber: string | null;
  readonly taxId: string | null;
  readonly addressLine: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly useCase: UseCase | null;
  readonly useCaseDetail: string | null;
  readonly callsPerDay: number | null;
  readonly destinations: readonly string[];
};

export type KycFile = KycStatement & {
  readonly state: KycState;
  readonly submittedAt: Date | null;
  readonly reviewedAt: Date | null;
  readonly reason: string | null;
  readonly risk: Risk | null; // at the last submission
  readonly verifiedUntil: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What the operator answers. */
export type KycVerdict =
  { readonly state: 'approved'; readonly months: number } | { readonly state: 'rejected' | 'more_information'; readonly reason: string };

/** Approved files are submitted again, unchanged, so long before they expire. */
const RENEWAL_MS = 60 * 86_400_000;
const NEEDED = ['legalName', 'addressLine', 'city', 'postalCode', 'country', 'useCase', 'callsPerDay'] as const;

export const emptyFile = (now: Date): KycFile => ({
  legalName: null,
  registrationNumber: null,
  taxId: null,
  addressLine: null,
  city: null,
  postalCode: null,
  country: null,
  useCase: null,
  useCaseDetail: null,
  callsPerDay: null,
  destinations: [],
  state: 'unverified',
  submittedAt: null,
  reviewedAt: null,
  reason: null,
  risk: null,
  verifiedUntil: null,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

const moved = (file: KycFile, to: KycState, now: Date, error: 'kycNotEditable' | 'kycNotReviewable'): KycFile => {
  if (!canTransition(KYC_TRANSITIONS, file.state, to)) throw new AppError(tenancyErrors[error], `The file is ${file.state}`);
  return { ...file, state: to, revision: file.revision + 1, updatedAt: now };
};

/** @throws AppError kyc.not_editable */
export const changeFile = (file: KycFile, change: Partial<KycStatement>, now: Date): KycFile => {
  if (!isEditable(file.state)) throw new AppError(tenancyErrors.kycNotEditable, `The file is ${file.state}`);
  const next = { ...file, ...change };
  return { ...next, destinations: [...new Set(next.destinations)].sort(), revision: file.revision + 1, updatedAt: now };
};

/** @throws AppError kyc.not_editable, request.invalid with what is missing */
export const submitFile = (file: KycFile, homeCountry: string, documents: readonly DocumentKind[], now: Date): KycFile => {
  const early = file.state === 'approved' && file.verifiedUntil !== null && file.verifiedUntil.getTime() - now.getTime() > RENEWAL_MS;
  if (early) throw new AppError(tenancyErrors.kycNotEditable, 'An approved file is renewed in the 60 days before it expires');
  const next = moved(file, 'submitted', now, 'kycNotEditable');
  const errors = missing(file, documents);
  if (errors.length > 0) throw new AppError(kernelErrors.invalid, errors.map((e) => `${e.pointer}: ${e.detail}`).join('; '), { errors });
  return { ...next, submittedAt: now, reason: null, risk: riskOf(file, homeCountry, documents) };
};

const missing = (file: KycStatement, documents: readonly DocumentKind[]): FieldError[] => [
  ...NEEDED.filter((field) => file[field] === null).map((field) => ({
    pointer: `/${field.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}`,
    code: 'required',
    detail: 'Needed before the file can be submitted',
  })),
  ...(documents.some((kind) => kind === 'registration' || kind === 'identity')
    ? []
    : [{ pointer: '/documents', code: 'required', detail: 'A document of registration or identity is needed' }]),
];

/** What is approved holds for months; whatever else is answered ends it at once. @throws AppError kyc.not_reviewable */
export const reviewFile = (file: KycFile, verdict: KycVerdict, now: Date): KycFile => {
  const next = { ...moved(file, verdict.state, now, 'kycNotReviewable'), reviewedAt: now };
  if (verdict.state !== 'approved') return { ...next, reason: verdict.reason, verifiedUntil: null };
  const until = new Date(now);
  until.setUTCMonth(until.getUTCMonth() + verdict.months);
  return { ...next, reason: null, verifiedUntil: until };
};

/** A rejected file begins anew. @throws AppError kyc.not_reviewable */
export const reopenFile = (file: KycFile, now: Date): KycFile => moved(file, 'unverified', now, 'kycNotReviewable');

/** @throws AppError kyc.not_reviewable */
export const expireFile = (file: KycFile, now: Date): KycFile => ({
  ...moved(file, 'expired', now, 'kycNotReviewable'),
  verifiedUntil: null,
});
