import { AppError, invalidField } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';
import { identityErrors } from './errors.ts';

/** How far a name is in the databases that networks look names up in. `none` has no row. */
export const CALLER_NAME_STATES = ['none', 'requested', 'submitted', 'active', 'rejected', 'removing'] as const;
export type CallerNameState = (typeof CALLER_NAME_STATES)[number];

export const CALLER_NAME_TRANSITIONS: Transitions<CallerNameState> = {
  none: ['requested'],
  requested: ['submitted', 'rejected', 'removing'],
  submitted: ['active', 'rejected', 'removing'],
  active: ['requested', 'removing'],
  rejected: ['requested', 'removing'],
  removing: ['none'],
};

export type CallerName = {
  readonly numberId: string; // uuid
  readonly name: string;
  readonly state: CallerNameState;
  readonly reason: string | null; // why it was rejected
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What the databases hold: 15 characters of this set. */
const NAME = /^[A-Z0-9 .,&'-]{1,15}$/;
/** Names that only their owners may bear, and that every network rejects. */
const FORBIDDEN = /\b(POLICE|SHERIFF|FBI|IRS|MEDICARE|SOCIAL SECURITY|911)\b/;
const COUNTRIES = ['US', 'CA'];

/** Whether networks show names beside numbers of a country. */
export const isNamedIn = (country: string): boolean => COUNTRIES.includes(country);

/** Why no network would take a name; undefined when they would. */
export const callerNameFault = (name: string): { readonly code: string; readonly detail: string } | undefined => {
  if (!NAME.test(name)) return { code: 'malformed', detail: "must be 1 to 15 of A-Z, 0-9, space and . , & ' -" };
  if (name.trim() !== name || !/[A-Z0-9]/.test(name))
    return { code: 'malformed', detail: 'must begin and end with a character, and have a letter or digit' };
  return FORBIDDEN.test(name) ? { code: 'forbidden', detail: 'is a name that only an authority may bear' } : undefined;
};

/** @throws AppError request.invalid at /name, caller_name.not_here, caller_name.busy */
export const requestedName = (
  before: CallerName | undefined,
  number: { readonly id: string; readonly country: string },
  name: string,
  now: Date,
): CallerName => {
  const fault = callerNameFault(name);
  if (fault) throw invalidField('/name', fault.code, fault.detail);
  if (!isNamedIn(number.country)) throw new AppError(identityErrors.nameNotHere);
  if (before?.name === name && before.state !== 'rejected' && before.state !== 'removing') return before;
  if (before && !CALLER_NAME_TRANSITIONS[before.state].includes('requested')) throw new AppError(identityErrors.nameBusy);
  return { numberId: number.id, name, state: 'requested', reason: null, createdAt: before?.createdAt ?? now, updatedAt: now };
};

/** A step on: what the provider did with it. */
export const steppedTo = (
  name: CallerName,
  state: 'submitted' | 'active' | 'rejected' | 'removing',
  reason: string | null,
  now: Date,
): CallerName => ({
  ...name,
  state,
  reason,
  updatedAt: now,
});
