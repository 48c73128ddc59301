import { BURST_SECS } from './bucket-store.ts';
import type { Bucket, Grant, Wanted } from './bucket-store.ts';
import { TokenLeases } from './token-leases.ts';

/** Buckets as the database keeps them, on a clock of the test. */
const world = () => {
  const state = { nowMs: 0, asked: 0, broken: false };
  const filled = new Map<string, { tokens: number; atMs: number }>();
  const leaseOne = ({ id, perSec, tokens }: Wanted): Grant => {
    const bucket = filled.get(id) ?? { tokens: perSec * BURST_SECS, atMs: state.nowMs };
    const available = Math.min(perSec * BURST_SECS, bucket.tokens + ((state.nowMs - bucket.atMs) * perSec) / 1000);
    const granted = Math.min(tokens, Math.floor(available));
    filled.set(id, { tokens: available - granted, atMs: state.nowMs });
    return { id, granted, left: Math.floor(available - granted) };
  };
  const store = {
    lease: async (wanted: readonly Wanted[]) => {
      state.asked += 1;
      await Promise.resolve();
      if (state.broken) throw new Error('gone');
      return wanted.map(leaseOne);
    },
  };
  return { state, process: () => new TokenLeases(store, () => state.nowMs) };
};

const key: Bucket = { id: 'key:1', perSec: 10 };
const tenant: Bucket = { id: 'tenant:1', perSec: 20 };
const admitted = async (leases: TokenLeases, times: number, buckets: readonly Bucket[] = [key]): Promise<number> => {
  const verdicts = await Promise.all(Array.from({ length: times }, () => leases.take(buckets)));
  return verdicts.filter((v) => v.waitMs === 0).length;
};

it('admits a burst, then nothing, and says how long to wait', async () => {
  const leases = world().process();
  expect(await admitted(leases, 100)).toBe(20);
  expect(await leases.take([key])).toMatchObject({ waitMs: 200, standings: [{ remaining: 0 }] });
});

it('never admits more than the bucket has, over processes and over time', async () => {
  const { state, process } = world();
  const processes = [process(), process(), process()];
  let total = 0;
  for (state.nowMs = 0; state.nowMs <= 10_000; state.nowMs += 50) for (const p of processes) total += await admitted(p, 5);
  expect(total).toBeLessThanOrEqual(20 + 100);
  expect(total).toBeGreaterThanOrEqual(100); // and little is lost between them
});

it('asks the store seldom, whether it admits or refuses', async () => {
  const { state, process } = world();
  const leases = process();
  const wide = { id: 'key:2', perSec: 100 };
  for (; state.nowMs < 1_000; state.nowMs += 10) await leases.take([wide]);
  expect(state.asked).toBeLessThanOrEqual(6);
  state.asked = 0;
  await admitted(leases, 1_000, [wide]);
  for (; state.nowMs < 2_000; state.nowMs += 1) await leases.take([wide]);
  expect(state.asked).toBeLessThanOrEqual(25); // for 2,000 requests
});

it('takes of every bucket or of none', async () => {
  const { process } = world();
  const leases = process();
  const other = { id: 'key:9', perSec: 100 };
  expect(await admitted(leases, 100, [other, tenant])).toBe(40); // the tenant's
  expect(await admitted(leases, 10, [key, tenant])).toBe(0);
  expect((await leases.take([key])).standings[0]?.remaining).toBe(19);
});

it('forgets tokens that it holds for long: others may have them', async () => {
  const { state, process } = world();
  const [one, two] = [process(), process()];
  await one.take([key]);
  state.nowMs = 5_000;
  expect(await admitted(two, 100)).toBe(20);
  expect(await admitted(one, 1)).toBe(0);
});

it('tells of a store that is gone, and works when it is back', async () => {
  const { state, process } = world();
  const leases = process();
  state.broken = true;
  await expect(leases.take([key])).rejects.toThrow('gone');
  state.broken = false;
  expect((await leases.take([key])).waitMs).toBe(0);
});
