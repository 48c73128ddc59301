import { EventStream, WAITING_MAX } from './event-stream.ts';
import type { LiveEvent } from './event-stream.ts';

const since = new Date('2026-11-26T10:00:00Z');
const event = (change: Partial<LiveEvent> = {}): LiveEvent => ({
  id: 'id',
  tenantId: 'one',
  type: 'trunk.created',
  data: {},
  at: new Date(since.getTime() + 1),
  ...change,
});
const streamOf = (accepts = (_: LiveEvent) => true) => {
  const ended: EventStream[] = [];
  const stream = new EventStream('one', new Set(['trunk.created']), false, since, accepts, (s) => ended.push(s));
  return { stream, ended };
};

it('hands on events in their order, those that waited and those that are waited for', async () => {
  const { stream } = streamOf();
  stream.push(event({ id: 'a' }));
  stream.push(event({ id: 'b' }));
  expect([(await stream.next()).value?.id, (await stream.next()).value?.id]).toEqual(['a', 'b']);
  const third = stream.next();
  stream.push(event({ id: 'c' }));
  expect((await third).value?.id).toBe('c');
});

it.each<[string, Partial<LiveEvent>]>([
  ['another tenant', { tenantId: 'other' }],
  ['another type', { type: 'trunk.deleted' }],
  ['before it began', { at: since }],
  ['what is not wanted', { id: 'unwanted' }],
])('takes nothing of %s', async (_, change) => {
  const { stream } = streamOf(({ id }) => id !== 'unwanted');
  stream.push(event(change));
  stream.push(event({ id: 'taken' }));
  expect((await stream.next()).value?.id).toBe('taken');
});

it('ends a reader that is too slow, once, and keeps nothing for it', async () => {
  const { stream, ended } = streamOf();
  let overflows = 0;
  stream.onOverflow = () => (overflows += 1);
  for (let i = 0; i < WAITING_MAX; i++) stream.push(event());
  expect(overflows).toBe(0);
  for (let i = 0; i < 10; i++) stream.push(event());
  expect([overflows, ended]).toEqual([1, [stream]]);
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

it('ends whoever waits when it is returned', async () => {
  const { stream, ended } = streamOf();
  const waiting = stream.next();
  await stream.return();
  await stream.return();
  expect([await waiting, ended]).toEqual([{ value: undefined, done: true }, [stream]]);
});
