import { unsoundness } from '@trunkline/kernel';
import { BUNDLE_TRANSITIONS, changeBundle, dueNotice, isOver, moveBundle, newBundle } from './bundle.ts';
import { refusalOf } from './guard.ts';
import { RULES } from './rules.ts';

const now = new Date('2026-11-26T12:00:00Z');
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
const draft = newBundle('id', { name: 'London', country: 'GB', numberType: 'local', endUser: 'business' }, now);
const submitted = moveBundle(draft, 'submitted', now);
const approved = moveBundle(submitted, 'approved', now, { validUntil: inDays(90) });
const address = { line: '1 Strand', city: 'London', postalCode: 'WC2N', country: 'GB', areaCode: null };
const papers = [
  { code: 'name', text: 'Acme' },
  { code: 'address', address },
];

it('the machine of a bundle is sound', () => expect(unsoundness(BUNDLE_TRANSITIONS, 'draft')).toEqual([]));

describe('changeBundle', () => {
  it('replaces items by their code, and takes some out', () => {
    const one = changeBundle(draft, { items: [{ code: 'name', text: 'A' }, { code: 'tax_id', text: '1' }] }, now); // prettier-ignore
    const two = changeBundle(one, { items: [{ code: 'name', text: 'B' }], without: ['tax_id'] }, now);
    expect([two.items, two.revision]).toEqual([[{ code: 'name', text: 'B' }], 3]);
  });
  it('leaves what is looked at, or was approved, as it was seen', () => {
    for (const bundle of [submitted, approved]) expect(() => changeBundle(bundle, { name: 'x' }, now)).toThrow('It is');
    for (const state of ['rejected', 'expired'] as const)
      expect(changeBundle({ ...draft, state, reason: 'y' }, { name: 'x' }, now)).toMatchObject({ state: 'draft', name: 'x', reason: null });
  });
});

it('moveBundle goes where the machine does', () => {
  expect(() => moveBundle(draft, 'approved', now)).toThrow('It is draft');
  expect(moveBundle(approved, 'rejected', now, { reason: 'forged' })).toMatchObject({
    state: 'rejected',
    reason: 'forged',
    validUntil: null,
  });
});

describe('dueNotice', () => {
  it.each([
    [61, null, null],
    [60, null, 60],
    [59, 60, null],
    [30, 60, 30],
    [30, null, 30], // nobody looked for a month
    [8, 30, null],
    [7, 30, 7],
    [1, 7, null],
    [0, 7, null],
    [-1, 7, null],
  ])('%i days before, after a notice of %s: %s', (days, noticedDays, due) =>
    expect(dueNotice({ ...approved, validUntil: inDays(days), noticedDays }, now)).toBe(due),
  );
  it('is of approvals that end', () => {
    expect(dueNotice({ ...approved, validUntil: null }, now)).toBeNull();
    expect(dueNotice({ ...submitted, validUntil: inDays(1) }, now)).toBeNull();
  });
  it('comes before the end', () => expect([isOver(approved, inDays(89)), isOver(approved, inDays(90))]).toEqual([false, true]));
});

describe('the guard of a number', () => {
  const london = { country: 'GB', type: 'local', areaCode: '20' };
  const whole = { ...approved, items: papers };
  const refused = (...[number, bundle, at = now]: [typeof london, typeof whole?, Date?]) =>
    refusalOf(RULES, number, bundle, new Set(), at)?.error.code ?? null;

  it.each([
    ['nothing is asked for', { country: 'US', type: 'local', areaCode: '202' }, undefined, null],
    ['a country without rules', { country: 'SG', type: 'local', areaCode: '3158' }, undefined, null],
    ['a type without rules', { ...london, type: 'premium' }, undefined, null],
    ['no bundle', london, undefined, 'regulatory.bundle_missing'],
    ['all is well', london, whole, null],
    ['another country', london, { ...whole, country: 'FR' }, 'regulatory.bundle_unfit'],
    ['another type', { ...london, type: 'mobile' }, whole, 'regulatory.bundle_unfit'],
    ['not approved', london, { ...submitted, items: papers }, 'regulatory.bundle_unapproved'],
    ['something is missing', london, approved, 'regulatory.items_missing'],
  ] as const)('%s', (_, number, bundle, code) => expect(refused(number, bundle as typeof whole)).toBe(code));
  it('heeds the clock', () => expect(refused(london, whole, inDays(90))).toBe('regulatory.bundle_unapproved'));
  it('names what is missing', () =>
    expect(refusalOf(RULES, london, approved, new Set(), now)?.detail).toBe('name: missing, address: missing'));
});
