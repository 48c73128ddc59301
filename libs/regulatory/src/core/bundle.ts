import { AppError, canTransition } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';
import { regulatoryErrors } from './errors.ts';
import type { BundleItem } from './evaluate.ts';
import type { EndUser, RegulatedType } from './rule.ts';

export const BUNDLE_STATES = ['draft', 'submitted', 'approved', 'rejected', 'expired'] as const;
export type BundleState = (typeof BUNDLE_STATES)[number];

/** A tenant submits, the operator answers, time expires. What was rejected or has expired is mended, a draft again. */
export const BUNDLE_TRANSITIONS: Transitions<BundleState> = {
  draft: ['submitted'],
  submitted: ['approved', 'rejected'],
  approved: ['rejected', 'expired'],
  rejected: ['draft'],
  expired: ['draft'],
};

/** Who will use numbers of a kind, and the papers that say so. */
export type Bundle = {
  readonly id: string; // uuid
  readonly name: string;
  readonly country: string;
  readonly numberType: RegulatedType;
  readonly endUser: EndUser;
  readonly state: BundleState;
  readonly items: readonly BundleItem[];
  readonly reason: string | null; // why it was rejected
  readonly validUntil: Date | null; // of an approval; null: it does not expire
  readonly noticedDays: number | null; // of the last notice before it expires
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type NewBundle = Pick<Bundle, 'name' | 'country' | 'numberType' | 'endUser'>;
/** `items` replace those of the same code; `without` are taken out. */
export type BundleChange = { readonly name?: string; readonly items?: readonly BundleItem[]; readonly without?: readonly string[] };

export const newBundle = (id: string, input: NewBundle, now: Date): Bundle => ({
  ...input,
  id,
  state: 'draft',
  items: [],
  reason: null,
  validUntil: null,
  noticedDays: null,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** What is being looked at, or was approved, stays as it was seen. @throws AppError regulatory_bundle.not_editable */
export const changeBundle = (bundle: Bundle, { name = bundle.name, items = [], without = [] }: BundleChange, now: Date): Bundle => {
  if (bundle.state === 'submitted' || bundle.state === 'approved')
    throw new AppError(regulatoryErrors.notEditable, `It is ${bundle.state}`);
  const replaced = new Set([...without, ...items.map(({ code }) => code)]);
  return next(
    { ...bundle, state: 'draft', reason: null, name, items: [...bundle.items.filter(({ code }) => !replaced.has(code)), ...items] },
    now,
  );
};

/** @throws AppError regulatory_bundle.wrong_state */
export const moveBundle = (
  bundle: Bundle,
  state: BundleState,
  now: Date,
  said: Partial<Pick<Bundle, 'reason' | 'validUntil'>> = {},
): Bundle => {
  if (!canTransition(BUNDLE_TRANSITIONS, bundle.state, state)) throw new AppError(regulatoryErrors.wrongState, `It is ${bundle.state}`);
  return next({ ...bundle, state, reason: null, validUntil: null, noticedDays: null, ...said }, now);
};

/** Days before its end that its tenant is told of. */
export const NOTICE_DAYS = [60, 30, 7] as const;
const DAY_MS = 86_400_000;

/** The notice that is due: of those that have come, the last one, unless it was given. */
export const dueNotice = ({ state, validUntil, noticedDays }: Bundle, now: Date): number | null => {
  if (state !== 'approved' || validUntil === null || validUntil <= now) return null;
  const left = (validUntil.getTime() - now.getTime()) / DAY_MS;
  const come = NOTICE_DAYS.filter((days) => left <= days).at(-1);
  return come === undefined || (noticedDays !== null && noticedDays <= come) ? null : come;
};

export const isOver = ({ state, validUntil }: Bundle, now: Date): boolean =>
  state === 'approved' && validUntil !== null && validUntil <= now;

const next = (bundle: Bundle, now: Date): Bundle => ({ ...bundle, revision: bundle.revision + 1, updatedAt: now });
