import type { E164 } from '@trunkline/kernel';
import { addBusinessDays, addBusinessMinutes, businessDayFrom, isBusinessDay, localTime, startOfDay } from './business-days.ts';
import type { CarrierDays, WorkCalendar } from './business-days.ts';
import type { NumberZone } from './nanp-zones.ts';
import { numberZone } from './number-zone.ts';
import { portInterval } from './port-intervals.ts';
import type { PortInterval, PortShape } from './port-intervals.ts';
import { dayAfter } from './public-holidays.ts';

export type FocQuestion = PortShape & { readonly e164: E164; readonly receivedAt: Date; readonly carrierDays: CarrierDays };

/** The first date that a carrier can be asked for: a working day where the number lives, and the instant from which it may be there. */
export type EarliestFoc = { readonly date: string; readonly at: Date; readonly timeZone: string; readonly negotiated: boolean };

/** Dates further away are refused by carriers, unless the earliest one is. */
const ASKED_AHEAD_MS = 30 * 86_400_000;

/**
 * The day a request counts from: the one it came on, when that is worked and the cut-off was not reached, else the next one that is.
 * Days are counted from there: received on Monday in time, one day makes it Tuesday 00:00, which is "midnight the same day" of 47 CFR 52.35.
 */
const receivedOn = (calendar: WorkCalendar, receivedAt: Date, cutOffMinute: number | null): string => {
  const { date, minute } = localTime(receivedAt, calendar.clock);
  const inTime = isBusinessDay(calendar, date) && (cutOffMinute === null || minute < cutOffMinute);
  return inTime ? date : businessDayFrom(calendar, dayAfter(date));
};

const afterDays = (calendar: WorkCalendar, { zone, clock }: NumberZone, from: string, days: number): { date: string; at: Date } => {
  const date = addBusinessDays(calendar, from, days);
  const at = startOfDay(date, zone);
  if (zone === clock) return { date, at };
  // where the zone of the rule is behind the one of the number, the rule's midnight is the later one
  return { date, at: new Date(Math.max(at.getTime(), startOfDay(date, clock).getTime())) };
};

const afterMinutes = (calendar: WorkCalendar, { zone }: NumberZone, receivedAt: Date, minutes: number): { date: string; at: Date } => {
  const at = addBusinessMinutes(calendar, receivedAt, minutes);
  return { date: localTime(at, zone).date, at };
};

const answer = (calendar: WorkCalendar, place: NumberZone, interval: PortInterval, receivedAt: Date): { date: string; at: Date } => {
  if (interval.businessMinutes !== undefined) return afterMinutes(calendar, place, receivedAt, interval.businessMinutes);
  return afterDays(calendar, place, receivedOn(calendar, receivedAt, interval.cutOffMinute), interval.businessDays ?? 0);
};

/** @returns undefined where no rule is known, and the carrier names the date */
export const earliestFoc = (question: FocQuestion): EarliestFoc | undefined => {
  const { e164, country, receivedAt, carrierDays } = question;
  const interval = portInterval(question);
  const place = numberZone(e164, country);
  if (!interval || !place) return undefined;
  const calendar = { country, clock: place.clock, carrierDays };
  return { ...answer(calendar, place, interval, receivedAt), timeZone: place.zone, negotiated: interval.negotiated ?? false };
};

export type FocFault = 'too_soon' | 'too_far' | 'not_a_business_day';

/** Why an instant cannot be asked for as firm date; null: it can. */
export const focFault = (requestedAt: Date, earliest: EarliestFoc, question: FocQuestion): FocFault | null => {
  const { country, carrierDays, receivedAt } = question;
  const { date } = localTime(requestedAt, earliest.timeZone);
  const latest = Math.max(receivedAt.getTime() + ASKED_AHEAD_MS, earliest.at.getTime());
  if (requestedAt < earliest.at) return 'too_soon';
  if (requestedAt.getTime() > latest) return 'too_far';
  return isBusinessDay({ country, clock: earliest.timeZone, carrierDays }, date) ? null : 'not_a_business_day';
};
