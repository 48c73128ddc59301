import { RefusalPace } from './refusal-pace.ts';

const times = (n: number): readonly undefined[] => Array.from({ length: n });

it('answers a few at once, then one every 5 ms', () => {
  const pace = new RefusalPace();
  const held = times(25).map(() => pace.take(1_000));
  expect(held).toEqual([...times(21).map(() => 0), 5, 10, 15, 20]);
});

it('holds nobody who asks no faster than that', () => {
  const pace = new RefusalPace();
  expect(
    times(1_000)
      .map((_, i) => pace.take(i * 5))
      .filter((ms) => ms > 0),
  ).toEqual([]);
});

it('answers 200 a second, however many connections ask again as soon as they are answered', () => {
  const pace = new RefusalPace();
  const due = times(64).map(() => 0);
  let answered = 0;
  for (let now = 0; now < 10_000; now += 1)
    for (const [i, at] of due.entries()) {
      if (at > now) continue;
      due[i] = now + Math.max(1, pace.take(now));
      answered += 1;
    }
  expect(answered).toBeGreaterThan(1_950);
  expect(answered).toBeLessThan(2_150);
});

it('holds nothing for longer than two seconds, and forgives after a pause', () => {
  const pace = new RefusalPace();
  expect(Math.max(...times(10_000).map(() => pace.take(0)))).toBe(2_000);
  expect(pace.take(3_000)).toBe(0);
});
