import fc from 'fast-check';
import { takenFrom } from './foc-windows.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 9, hour));
const window = (from: number, to: number) => ({ from: at(from), to: at(to) });

it('is the instant that was asked for where the carrier takes it, and the next that it takes where not', () => {
  const windows = [window(40, 48), window(15, 23)];
  expect([at(16), at(14), at(23), at(30), at(48)].map((asked) => takenFrom(asked, windows))).toEqual([
    at(16),
    at(15),
    at(40),
    at(40),
    null,
  ]);
  expect(takenFrom(at(3), [])).toEqual(at(3));
});

it('is never earlier than what was asked for, always taken, and the first that is', () => {
  const spans = fc.array(
    fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 20 })).map(([from, hours]) => window(from, from + hours)),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(spans, fc.nat(220), (windows, hour) => {
      const found = takenFrom(at(hour), windows);
      const hours = Array.from({ length: 240 }, (_, h) => at(h)).filter((h) => windows.some(({ from, to }) => h >= from && h < to));
      expect(found).toEqual(hours.find((h) => h >= at(hour)) ?? null);
    }),
  );
});
