import { takenFrom } from '@trunkline/carriers';
import type { FocWindow } from '@trunkline/carriers';
import { invalidField } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { localTime, startOfDay } from './business-days.ts';
import type { CarrierDays } from './business-days.ts';
import { earliestFoc, focFault } from './earliest-foc.ts';
import type { FocFault, FocQuestion } from './earliest-foc.ts';
import { numberZone } from './number-zone.ts';
import { profileOf } from './order-faults.ts';
import type { PortSheet } from './order-faults.ts';

const DAY_MS = 86_400_000;
const AHEAD_MAX_MS = 30 * DAY_MS;
/** Somewhere in them is a working day: no country is closed for so long. */
const LOOKED_AHEAD_DAYS = 15;
const POINTER = '/requested_foc_at';

/** What is asked of the calendar for an order: once for each zone that its numbers live in. */
const questionsOf = (sheet: PortSheet, carrierDays: CarrierDays, receivedAt: Date): readonly FocQuestion[] => {
  const profile = profileOf(sheet);
  if (!profile) return [];
  const { losing_provider_code: losing, range_holder_code: holder } = sheet.fields;
  const byZone = new Map(sheet.numbers.map((e164) => [numberZone(e164 as E164, profile.country)?.zone, e164 as E164]));
  return [...byZone.values()].map((e164) => ({
    ...profile,
    e164,
    receivedAt,
    lines: sheet.numbers.length,
    intermodal: false,
    installation: sheet.numbers.length > 1 ? ('multi_line' as const) : ('single_line' as const),
    fromRangeHolder: losing === undefined || losing === holder,
    carrierDays,
  }));
};

const SAYS: Readonly<Record<FocFault, (earliest: string) => string>> = {
  too_soon: (earliest) => `Not before ${earliest}, by the rules of the country`,
  too_far: () => 'At most 30 days from now',
  not_a_business_day: () => 'No working day where the numbers live',
};

/** The first instant that can be asked for, of all the zones that an order's numbers live in. */
export const earliestDate = (sheet: PortSheet, carrierDays: CarrierDays, now: Date): Date => {
  const known = questionsOf(sheet, carrierDays, now).flatMap((question) => {
    const earliest = earliestFoc(question);
    return earliest ? [{ question, earliest }] : [];
  });
  const first = Math.max(now.getTime() + DAY_MS, ...known.map(({ earliest }) => earliest.at.getTime()));
  const beginOf = (day: number): number =>
    Math.max(
      first,
      ...known.map(({ earliest: { timeZone } }) =>
        startOfDay(localTime(new Date(first + day * DAY_MS), timeZone).date, timeZone).getTime(),
      ),
    );
  const days = Array.from({ length: LOOKED_AHEAD_DAYS }, (_, day) => new Date(beginOf(day)));
  const isWorked = (at: Date): boolean =>
    known.every(({ question, earliest }) => focFault(at, earliest, question) !== 'not_a_business_day');
  return days.find(isWorked) ?? new Date(first);
};

/** @throws AppError request.invalid at /requested_foc_at where the carrier takes no numbers over then */
const demandTaken = (requestedAt: Date, windows: readonly FocWindow[]): void => {
  const taken = takenFrom(requestedAt, windows);
  if (taken?.getTime() === requestedAt.getTime()) return;
  const says = taken ? `The carrier takes the numbers over from ${taken.toISOString()} on` : 'The carrier takes no numbers over so late';
  throw invalidField(POINTER, taken ? 'outside_window' : 'too_far', says);
};

/**
 * @param windows when the carrier that has the order takes its numbers over; none: it does not say
 * @param carrierDays of the losing carrier
 * @throws AppError request.invalid at /requested_foc_at: too soon, too far, or no working day where a number of the order lives
 */
export const demandDate = (
  requestedAt: Date,
  sheet: PortSheet,
  carrierDays: CarrierDays,
  now: Date,
  windows: readonly FocWindow[] = [],
): void => {
  if (requestedAt.getTime() < now.getTime() + DAY_MS) throw invalidField(POINTER, 'too_soon', 'At least a day from now');
  for (const question of questionsOf(sheet, carrierDays, now)) {
    const earliest = earliestFoc(question);
    if (!earliest && requestedAt.getTime() > now.getTime() + AHEAD_MAX_MS) throw invalidField(POINTER, 'too_far', SAYS.too_far(''));
    const fault = earliest ? focFault(requestedAt, earliest, question) : null;
    if (earliest && fault) throw invalidField(POINTER, fault, SAYS[fault](earliest.date));
  }
  demandTaken(requestedAt, windows);
};
