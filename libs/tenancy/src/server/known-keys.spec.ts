import { setTimeout as sleep } from 'node:timers/promises';
import { KnownKeys } from './known-keys.ts';

const heldBy = (known: KnownKeys<string>): string[] => {
  const { young, old } = known as unknown as Record<'young' | 'old', Map<string, unknown>>;
  return [...young.keys(), ...old.keys()];
};

it('asks again for what was not found, and not for what was', async () => {
  const known = new KnownKeys<string>();
  const answers = [undefined, 'found'];
  let asked = 0;
  const ask = () => Promise.resolve(answers[asked++]);
  expect([await known.find('secret', ask), await known.find('secret', ask), await known.find('secret', ask), asked]).toEqual([
    undefined,
    'found',
    'found',
    2,
  ]);
});

it('holds no secret that nobody sends any more', async () => {
  const known = new KnownKeys<string>();
  await known.find('secret', () => Promise.resolve('found'));
  expect(heldBy(known)).toContain('secret');
  while (heldBy(known).includes('secret')) await sleep(50);
});
