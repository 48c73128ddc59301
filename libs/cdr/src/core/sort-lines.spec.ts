import { encodeCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';
import { sortLines } from './sort-lines.ts';

const now = new Date('2026-11-23T10:00:00Z');
const at = now.getTime() - 60_000;
const record: CdrRecord = {
  uid: 'u1',
  kind: 'end',
  direction: 'outbound',
  outcome: 'answered',
  tenantId: '00000001-0000-7000-8000-000000000001',
  trunkId: null,
  carrierId: null,
  gateway: null,
  from: 'a',
  to: 'b',
  callerId: null,
  destination: '+12025550123',
  callId: 'c',
  sourceAddress: '127.0.0.1',
  startedAtMs: at,
  answeredAtMs: at + 1000,
  endedAtMs: at + 5000,
  sipCode: 200,
  reason: null,
  hangupBy: 'caller',
  attempts: [],
  attestation: null,
  estimated: false,
};
const sorted = (change: Partial<CdrRecord>) => sortLines([encodeCdrLine({ ...record, ...change })], now);

describe('the lines of a batch', () => {
  it('are sorted by what becomes of them', () => {
    const reject = { ...record, uid: 'r', tenantId: null, outcome: 'rejected', answeredAtMs: null } as const;
    const start = { ...record, uid: 's', kind: 'start', endedAtMs: null } as const;
    const lines = [encodeCdrLine(record), 'garbage\0', encodeCdrLine(reject), encodeCdrLine(start)];
    const { calls, bad, rejects, starts } = sortLines(lines, now);
    expect(calls).toEqual([{ line: lines[0], record }]);
    expect(bad).toEqual([{ line: 'garbage\0', reason: expect.stringContaining('unknown field') }]);
    expect(rejects).toEqual([reject]);
    expect(starts).toBe(1);
  });

  it.each<[string, Partial<CdrRecord>, string]>([
    ['a NUL', { from: 'a\0b' }, 'NUL'],
    [
      'a start in the future',
      { startedAtMs: at + 3 * 86_400_000, answeredAtMs: at + 3 * 86_400_000, endedAtMs: at + 3 * 86_400_000 },
      'ahead',
    ],
    ['an answer before the start', { answeredAtMs: at - 1 }, 'answered before'],
    ['an end before the answer', { endedAtMs: at + 999 }, 'ended before'],
    ['an end before the start', { outcome: 'failed', answeredAtMs: null, endedAtMs: at - 1 }, 'ended before'],
    ['a call of years', { startedAtMs: at - 367 * 86_400_000 }, 'longer'],
  ])('are refused for %s, with the reason', (_, change, reason) => {
    expect(sorted(change)).toMatchObject({ calls: [], bad: [{ reason: expect.stringContaining(reason) }] });
  });

  it('may come as late as they like', () =>
    expect(sorted({ startedAtMs: 1e12, answeredAtMs: 1e12, endedAtMs: 1e12 + 1 }).calls).toHaveLength(1));
});
