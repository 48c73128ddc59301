import { verdictOf } from './verdict.ts';

it.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [199, 'failed'],
  [301, 'failed'],
  [302, 'failed'],
  [404, 'failed'],
  [410, 'gone'],
  [429, 'failed'],
  [500, 'failed'],
] as const)('%d is %s', (status, verdict) => expect(verdictOf({ status, retryAfter: undefined, answer: '', latencyMs: 1 })).toBe(verdict));
it('no answer is failed', () => expect(verdictOf({ error: 'timeout', latencyMs: 1 })).toBe('failed'));
