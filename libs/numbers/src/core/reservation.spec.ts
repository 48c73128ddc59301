import fc from 'fast-check';
import { RESERVATION_HOURS_MAX, prolonged, reservedUntil } from './reservation.ts';

const at = (mins: number) => new Date(Date.UTC(2026, 10, 23) + mins * 60_000);

it('keeps a number for 15 minutes', () => expect(reservedUntil(at(0))).toEqual(at(15)));

describe('a reservation that is prolonged', () => {
  it('ends 15 minutes from now', () => expect(prolonged(at(0), at(15), at(10))).toEqual(at(25)));
  it('never ends sooner than it would, never later than a day after it began', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (start, pauses) => {
        let [now, until] = [start, start + 15];
        for (const pause of pauses) {
          now = Math.min(now + pause, until);
          const next = prolonged(at(start), at(until), at(now));
          if (next < at(until) || next > at(start + RESERVATION_HOURS_MAX * 60)) return false;
          until = (next.getTime() - at(0).getTime()) / 60_000;
        }
        return true;
      }),
    ));
});
