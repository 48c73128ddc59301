import type { ScheduleValue, Span } from '../entries/entry-values.ts';

const DAY_SECS = 86400;
const DAY_MINUTES = 1440;
const THURSDAY = 4; // 1 January 1970

/**
 * Which group a schedule names at a moment, in its own zone: that of the day's holiday, else that of the first rule, else the one for all other
 * times. The engine of the edge knows no time zones, so the entry says since when the clocks there have been how far from UTC.
 */
export const scheduledGroup = (schedule: ScheduleValue, nowSecs: number): string | null => {
  const local = nowSecs + offsetAt(schedule, nowSecs) * 60;
  const day = Math.floor(local / DAY_SECS);
  const minute = Math.floor((local - day * DAY_SECS) / 60);
  const holiday = schedule.holidays.filter((h) => h.day === day && isWithin(h, minute))[0];
  if (holiday !== undefined) return holiday.groupId;
  const weekday = (day + THURSDAY) % 7;
  const rule = schedule.rules.filter((r) => covers(r, r.weekdays, weekday, minute))[0];
  return rule === undefined ? schedule.otherwise : rule.groupId;
};

/** In minutes, as it was in force at the moment; before the first one known, that one. */
const offsetAt = ({ offsets }: ScheduleValue, nowSecs: number): number => {
  let minutes = 0;
  for (let i = 0; i < offsets.length; i++) {
    const offset = offsets[i];
    if (offset !== undefined && (i === 0 || offset.since <= nowSecs)) minutes = offset.minutes;
  }
  return minutes;
};

const isWithin = ({ from, to }: Span, minute: number): boolean => minute >= from && minute < to;

/** A rule that ends before it begins goes on into the next day. */
const covers = (span: Span, weekdays: readonly number[], weekday: number, minute: number): boolean => {
  if (span.from < span.to) return weekdays.indexOf(weekday) >= 0 && isWithin(span, minute);
  const began = weekdays.indexOf(weekday) >= 0 && isWithin({ from: span.from, to: DAY_MINUTES }, minute);
  return began || (weekdays.indexOf((weekday + 6) % 7) >= 0 && minute < span.to);
};
