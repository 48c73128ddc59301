import fc from 'fast-check';
import { scheduledGroup } from '@trunkline/edge-core';
import { DateTime } from 'luxon';
import { changeGroup, openGroup, trunksOf } from './inbound-group.ts';
import type { InboundGroupSettings, InboundTarget } from './inbound-group.ts';
import { WEEKDAYS, changeSchedule, groupsOf, openSchedule, scheduleIntent } from './inbound-schedule.ts';
import type { ScheduleSettings } from './inbound-schedule.ts';
import { isTimeZone, zoneOffsets } from './zone-offsets.ts';

const now = new Date('2026-12-02T09:30:00Z');
const later = new Date('2026-12-03T09:30:00Z');
const target = (over: Partial<InboundTarget>): InboundTarget => ({
  ...{ uri: null, trunkId: null, number: null, priority: 1, weight: 1, ringSecs: 25 },
  ...over,
});
const group: InboundGroupSettings = {
  name: 'Desk',
  strategy: 'in_order',
  targets: [target({ number: '+442079460000', priority: 2 }), target({ trunkId: 't' }), target({ uri: 'sip:pbx.example' })],
};

describe('a group', () => {
  it('keeps its targets by priority', () => expect(openGroup('id', group, now).targets.map((t) => t.priority)).toEqual([1, 1, 2]));
  it('names each trunk once', () => expect(trunksOf({ ...group, targets: [...group.targets, target({ trunkId: 't' })] })).toEqual(['t']));
  it('is the same when nothing differs', () => {
    const opened = openGroup('id', group, now);
    expect(changeGroup(opened, { targets: group.targets }, later)).toBe(opened);
    expect(changeGroup(opened, { name: 'Other' }, later)).toMatchObject({ name: 'Other', revision: 2, updatedAt: later });
  });
  it('that rings all at once names one telephone number at most', () => {
    const two = { ...group, targets: [target({ number: '+442079460000' }), target({ number: '+442079460001' })] };
    expect(openGroup('id', two, now).targets).toHaveLength(2);
    expect(() => openGroup('id', { ...two, strategy: 'ring_all' }, now)).toThrow('at most 1');
    expect(() => changeGroup(openGroup('id', two, now), { strategy: 'ring_all' }, later)).toThrow('at most 1');
  });
});

describe('zoneOffsets', () => {
  it.each(['Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'Pacific/Apia', 'UTC'])(
    '%s: says at every moment what a library of time zones says',
    (zone) => {
      const offsets = zoneOffsets(zone, 2026, 2030);
      const at = (secs: number) => offsets.filter((o, i) => i === 0 || o.since <= secs).at(-1)!.minutes;
      const exact = (secs: number) => DateTime.fromSeconds(secs, { zone }).offset;
      for (const { since } of offsets.slice(1)) for (const secs of [since - 1, since]) expect([secs, at(secs)]).toEqual([secs, exact(secs)]);
      const moments = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2031, 0, 1) / 1000 - 1 });
      fc.assert(fc.property(moments, (secs) => expect(at(secs)).toBe(exact(secs))), { numRuns: 300 });
    },
  ); // prettier-ignore

  it('knows zones by their names alone', () => {
    expect(['Europe/Berlin', 'UTC', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['Europe/Atlantis', '+01:00', '', 'europe'].map(isTimeZone)).toEqual([false, false, false, false]);
  });
});

describe('a schedule', () => {
  const settings: ScheduleSettings = {
    name: 'Office',
    timeZone: 'America/New_York',
    rules: [{ weekdays: ['friday', 'monday'], from: '09:00', to: '17:30', groupId: 'office' }],
    holidays: [
      { date: '2026-12-25', from: '00:00', to: '24:00', groupId: null },
      { date: '2026-01-01', from: '00:00', to: '24:00', groupId: 'night' },
    ],
    otherwiseGroupId: 'night',
  };

  it('names each group once', () => expect(groupsOf(settings)).toEqual(['office', 'night']));
  it('is the same when nothing differs', () => {
    const opened = openSchedule('id', settings, now);
    expect(changeSchedule(opened, { rules: settings.rules, holidays: settings.holidays }, later)).toBe(opened);
    expect(changeSchedule(opened, { timeZone: 'UTC' }, later).revision).toBe(2);
  });

  it('means at the edge what it says, at every moment of five years', () => {
    const zones = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata');
    const minute = fc.integer({ min: 0, max: 1439 });
    const moment = fc.integer({ min: Date.UTC(2026, 0, 2) / 1000, max: Date.UTC(2030, 11, 30) / 1000 });
    const clock = (m: number) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(zones, minute, minute, fc.subarray([...WEEKDAYS]), moment, (timeZone, from, to, weekdays, secs) => {
        const rule = { weekdays, from: clock(from), to: clock(to), groupId: 'rule' };
        const intent = scheduleIntent({ ...settings, id: 'id', timeZone, rules: [rule], holidays: [], otherwiseGroupId: 'other' }, 2026);
        const local = DateTime.fromSeconds(secs, { zone: timeZone });
        const [today, yesterday] = [WEEKDAYS[local.weekday % 7]!, WEEKDAYS[(local.weekday + 6) % 7]!];
        const at = local.hour * 60 + local.minute;
        const within = weekdays.includes(today) && at >= from && (from >= to || at < to);
        const overnight = from >= to && weekdays.includes(yesterday) && at < to;
        expect(scheduledGroup(intent, secs)).toBe(within || overnight ? 'rule' : 'other');
      }),
      { numRuns: 200 },
    );
  });
});
