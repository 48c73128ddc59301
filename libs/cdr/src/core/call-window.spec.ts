import fc from 'fast-check';
import { callWindow, daysOf } from './call-window.ts';

const now = new Date('2026-11-23T10:15:00.000Z');
const at = (text: string) => new Date(text);

it('looks 30 days back from midnight when it is not told', () => {
  expect(callWindow({}, now).from).toEqual(at('2026-10-24T00:00:00Z'));
  expect(callWindow({}, now).to.getTime()).toBeGreaterThan(now.getTime() + 2 * 86_400_000);
  expect(callWindow({ to: at('2026-03-31T12:00:00Z') }, now)).toEqual({ from: at('2026-03-01T00:00:00Z'), to: at('2026-03-31T12:00:00Z') });
  expect(callWindow({ from: at('2025-01-01T01:00:00Z') }, now).from).toEqual(at('2025-01-01T01:00:00Z'));
});

it('is cut into days that tile it, none longer than a day', () => {
  const instant = fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, instant, (from, to) => {
      const days = [...daysOf({ from, to })];
      if (from >= to) return expect(days).toEqual([]);
      expect(days[0]?.to).toEqual(to);
      expect(days.at(-1)?.from).toEqual(from);
      days.slice(1).forEach((day, i) => expect(day.to).toEqual(days[i]?.from));
      expect(days.every((day) => day.to.getTime() - day.from.getTime() <= 86_400_000)).toBe(true);
    }),
  );
});
