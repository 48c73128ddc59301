import type { INestApplicationContext } from '@nestjs/common';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { guessesAtAccount } from '../core/guess-limits.ts';
import { CountGuess } from './count-guess.ts';

let database: TestDatabase;
let app: INestApplicationContext;
let clock: FakeClock;
let guesses: CountGuess;
beforeAll(async () => {
  database = await createTestDatabase();
  clock = new FakeClock();
  class Counting {}
  app = await createTestContext(database, [{ module: Counting, providers: [CountGuess] }], clock);
  guesses = app.get(CountGuess);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});
beforeEach(() => clock.advance({ days: 2 }));

const attempt = (email: string, address: string) =>
  guesses.execute(guessesAtAccount(email, address)).then(
    () => 'let through',
    (error: { code: string; message: string }) => error.code,
  );
const times = async (n: number, make: (i: number) => Promise<string>): Promise<number> => {
  let through = 0;
  for (let i = 0; i < n; i += 1) if ((await make(i)) === 'let through') through += 1;
  return through;
};

it('lets eight through of one address at one account in a quarter of an hour, also at once', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt('ada@example.com', '192.0.2.1')));
  expect(answers.filter((a) => a === 'let through')).toHaveLength(8);
  expect(new Set(answers)).toEqual(new Set(['let through', 'auth.too_many_attempts']));
  await expect(guesses.execute(guessesAtAccount('ada@example.com', '192.0.2.1'))).rejects.toThrow('try again in 900 seconds');
  expect(await attempt('ada@example.com', '192.0.2.2')).toBe('let through'); // not locked out by others
  clock.advance({ seconds: 900 });
  expect(await attempt('ada@example.com', '192.0.2.1')).toBe('let through');
});
it('lets sixty through of one address, whatever the account', async () => {
  expect(await times(80, (i) => attempt(`stolen-${i}@example.com`, '192.0.2.3'))).toBe(60);
});
it('lets two hundred a day through at one account, wherever they come from', async () => {
  expect(await times(210, (i) => attempt('eve@example.com', `198.51.100.${i}`))).toBe(200);
});
it('forgets the right answers of a whole office behind one address, and no wrong ones', async () => {
  const office = async (i: number): Promise<string> => {
    const outcome = await attempt(`member-${i}@example.com`, '192.0.2.4');
    await guesses.forget(guessesAtAccount(`member-${i}@example.com`, '192.0.2.4'));
    return outcome;
  };
  expect(await times(100, office)).toBe(100);
  // whoever has one good account gains nothing by it
  const mixed = async (i: number): Promise<string> => {
    await office(0);
    return attempt(`victim-${i}@example.com`, '192.0.2.4');
  };
  expect(await times(70, mixed)).toBeLessThanOrEqual(60);
});
