import type { ScheduleIntent } from '@trunkline/edge-core';
import { zoneOffsets } from './zone-offsets.ts';

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** From one time of the day until before another, `HH:MM`; a rule that ends before it begins ends on the next day. */
type Span = { readonly from: string; readonly to: string };
export type ScheduleRule = Span & { readonly weekdays: readonly Weekday[]; readonly groupId: string | null };
export type Holiday = Span & { readonly date: string; readonly groupId: string | null }; // YYYY-MM-DD

export type ScheduleSettings = {
  readonly name: string;
  readonly timeZone: string; //                IANA, e.g. Europe/Berlin
  readonly rules: readonly ScheduleRule[]; //  the first that covers the moment decides, unless a holiday does
  readonly holidays: readonly Holiday[];
  readonly otherwiseGroupId: string | null; // at all other times; null: as if there were no schedule
};
export type InboundSchedule = ScheduleSettings & {
  readonly id: string; // uuid
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const openSchedule = (id: string, settings: ScheduleSettings, now: Date): InboundSchedule => ({
  ...normalised(settings),
  id,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** The schedule after a change, or the very same object when nothing differs. */
export const changeSchedule = (schedule: InboundSchedule, change: Partial<ScheduleSettings>, now: Date): InboundSchedule => {
  const before = { ...schedule, ...normalised(schedule) };
  const next = { ...schedule, ...normalised({ ...schedule, ...change }) };
  return JSON.stringify(next) === JSON.stringify(before) ? schedule : { ...next, revision: schedule.revision + 1, updatedAt: now };
};

/** The groups that it names, each once. */
export const groupsOf = ({ rules, holidays, otherwiseGroupId }: ScheduleSettings): readonly string[] => [
  ...new Set([...rules, ...holidays, { groupId: otherwiseGroupId }].flatMap(({ groupId }) => (groupId === null ? [] : [groupId]))),
];

// stored objects have their fields in another order than given ones
const normalised = ({ name, timeZone, rules, holidays, otherwiseGroupId }: ScheduleSettings): ScheduleSettings => ({
  name,
  timeZone,
  rules: rules.map(({ weekdays, from, to, groupId }) => ({ weekdays: WEEKDAYS.filter((d) => weekdays.includes(d)), from, to, groupId })),
  holidays: holidays.map(({ date, from, to, groupId }) => ({ date, from, to, groupId })).sort((a, b) => (a.date < b.date ? -1 : 1)),
  otherwiseGroupId,
});

const DAY_MS = 86_400_000;
const YEARS_AHEAD = 4;

/** What the edges are told: they know no zones, so how far the clocks there are from UTC from this year on, which changes once a year only. */
export const scheduleIntent = (schedule: Pick<InboundSchedule, 'id'> & ScheduleSettings, year: number): ScheduleIntent => ({
  id: schedule.id,
  offsets: zoneOffsets(schedule.timeZone, year, year + YEARS_AHEAD),
  rules: schedule.rules.map(({ weekdays, from, to, groupId }) => ({
    weekdays: weekdays.map((d) => WEEKDAYS.indexOf(d)),
    from: minutes(from),
    to: minutes(to),
    groupId,
  })),
  holidays: schedule.holidays.map(({ date, from, to, groupId }) => ({
    day: Date.parse(date) / DAY_MS,
    from: minutes(from),
    to: minutes(to),
    groupId,
  })),
  otherwise: schedule.otherwiseGroupId,
});

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
