import { steppedBack } from './stepped-back.ts';

it.each([
  ['goes on', [60_000, 60_000], false],
  ['stood still while time passed', [60_000, 0], true],
  ['is put back by an hour', [5_000, -3_600_000], true],
  ['is put forward by an hour', [5_000, 3_600_000], false],
  ['is put right by half a second', [5_000, 4_500], false],
])('the clock %s', (_, [passes = 0, shows = 0], expected) => {
  let [wall, passed] = [1_000_000, 0];
  const isBack = steppedBack(
    () => wall,
    () => passed,
  );
  [wall, passed] = [wall + shows, passed + passes];
  expect([isBack(), isBack()]).toEqual([expected, false]);
});
