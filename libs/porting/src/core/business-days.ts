import { DateTime } from 'luxon';
import { dayAfter, isPublicHoliday, isWeekend } from './public-holidays.ts';

/** Days that a carrier keeps closed though others work, or works though others do not, by local date. It overrules every other rule. */
export type CarrierDays = ReadonlyMap<string, 'closed' | 'open'>;
export const NO_CARRIER_DAYS: CarrierDays = new Map();

/** Who works when: a country's week and holidays as one carrier keeps them, told in one zone. */
export type WorkCalendar = { readonly country: string; readonly clock: string; readonly carrierDays: CarrierDays };

export const OPENS_AT_MINUTE = 8 * 60;
export const CLOSES_AT_MINUTE = 17 * 60;

export const isBusinessDay = ({ country, carrierDays }: WorkCalendar, date: string): boolean =>
  carrierDays.has(date) ? carrierDays.get(date) === 'open' : !isWeekend(date) && !isPublicHoliday(country, date);

/** The date itself when it is worked, else the next one that is. */
export const businessDayFrom = (calendar: WorkCalendar, date: string): string => {
  while (!isBusinessDay(calendar, date)) date = dayAfter(date);
  return date;
};

/** @param days 0: the date itself or the next that is worked */
export const addBusinessDays = (calendar: WorkCalendar, date: string, days: number): string => {
  let day = businessDayFrom(calendar, date);
  for (let i = 0; i < days; i++) day = businessDayFrom(calendar, dayAfter(day));
  return day;
};

/** The first instant of a local date, whatever the clocks do that night. */
export const startOfDay = (date: string, zone: string): Date => DateTime.fromISO(date, { zone }).toJSDate();

/** Where an instant falls in a zone: its date, and the minute that the clock on the wall shows. */
export const localTime = (at: Date, zone: string): { readonly date: string; readonly minute: number } => {
  const local = DateTime.fromJSDate(at, { zone });
  return { date: local.toISODate()!, minute: local.hour * 60 + local.minute };
};

/** Counts minutes of business hours only, 08:00 to 17:00. */
export const addBusinessMinutes = (calendar: WorkCalendar, at: Date, minutes: number): Date => {
  const { date, minute } = localTime(at, calendar.clock);
  const worked = isBusinessDay(calendar, date) && minute < CLOSES_AT_MINUTE;
  const day = worked ? date : businessDayFrom(calendar, dayAfter(date));
  const from = worked ? Math.max(minute, OPENS_AT_MINUTE) : OPENS_AT_MINUTE;
  const left = CLOSES_AT_MINUTE - from;
  if (minutes > left) return addBusinessMinutes(calendar, atMinute(day, CLOSES_AT_MINUTE, calendar.clock), minutes - left);
  return atMinute(day, from + minutes, calendar.clock);
};

const atMinute = (date: string, minute: number, zone: string): Date =>
  DateTime.fromISO(date, { zone })
    .set({ hour: Math.floor(minute / 60), minute: minute % 60 })
    .toJSDate();
