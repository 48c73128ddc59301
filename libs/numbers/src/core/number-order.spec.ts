import { unsoundness } from '@trunkline/kernel';
import fc from 'fast-check';
import {
  ITEM_STATES,
  ITEM_TRANSITIONS,
  TRIES_MAX,
  failed,
  gone,
  isAsSeen,
  isOpen,
  lookedAt,
  newItem,
  nextLook,
  orderStateOf,
  resumed,
  sent,
  sentAgain,
  succeeded,
  waiting,
} from './number-order.ts';
import type { ItemState, OrderItem } from './number-order.ts';

const now = new Date('2026-11-26T12:00:00Z');
const found = {
  e164: '+12025550123',
  supplier: 'telnyx',
  country: 'US',
  areaCode: '202',
  locality: null,
  rateCenter: null,
  lata: null,
  type: 'local',
} as const;
const item = newItem('item', 'order', 0, '+12025550123', now);
const searched = { ...item, e164: null };
const reason = { code: 'number.not_available', detail: 'gone' };

it('the machine of an item is sound', () => expect(unsoundness(ITEM_TRANSITIONS, 'pending')).toEqual([]));

describe('orderStateOf', () => {
  it.each<[ItemState[], string]>([
    [['pending', 'succeeded'], 'pending'],
    [['ordering', 'failed'], 'pending'],
    [['waiting', 'pending'], 'pending'],
    [['waiting', 'succeeded', 'failed'], 'waiting'],
    [['succeeded', 'succeeded'], 'succeeded'],
    [['succeeded', 'failed'], 'partially_succeeded'],
    [['failed', 'failed'], 'failed'],
  ])('%j is %s', (states, state) => expect(orderStateOf(states)).toBe(state));

  it('has ended when and only when all its items have', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ITEM_STATES), { minLength: 1 }), (states) => {
        const ended = !['pending', 'waiting'].includes(orderStateOf(states));
        return ended === states.every((state) => !isOpen({ state }));
      }),
    ));
});

describe('an item', () => {
  it('that ended stays as it is', () => {
    const ends = [failed(item, reason), succeeded(item, 'number', '+12025550123')];
    for (const end of ends)
      for (const move of [
        () => failed(end, reason),
        () => succeeded(end, 'other', '+12025550123'),
        () => sent(end, found, 'ref', now),
        () => waiting(end, reason, now),
        () => gone(end, true, reason, now),
      ])
        expect(move).toThrow('cannot become');
  });
  it('keeps its reference when it is sent again, and loses it with its number', () => {
    const once = sent(item, found, 'ref', now);
    expect(sentAgain(once, new Date(1))).toMatchObject({ state: 'ordering', supplierReference: 'ref', sentAt: new Date(1) });
    const another = gone(once, true, reason, now);
    expect(another).toMatchObject({ state: 'pending', e164: null, supplierReference: null, refused: ['+12025550123'], nextAt: now });
  });
  it('that was named fails when its number is gone', () =>
    expect(gone(sent(item, found, 'ref', now), false, reason, now)).toMatchObject({
      state: 'failed',
      reason,
      e164: '+12025550123',
      nextAt: null,
    }));
  it('that was searched for tries so many numbers, and no more', () => {
    let tried: OrderItem = searched;
    for (let tries = 1; tries < TRIES_MAX; tries += 1) {
      tried = gone(sent(tried, { ...found, e164: `+1202555010${tries}` }, 'ref', now), true, reason, now);
      expect(tried.state).toBe('pending');
    }
    expect(gone(sent(tried, found, 'ref', now), true, reason, now).state).toBe('failed');
  });
  it('is not as it was seen when another process took it further', () => {
    const once = sent(item, found, 'ref', now);
    expect([isAsSeen(item, item), isAsSeen(once, item), isAsSeen(lookedAt(once, now), once)]).toEqual([true, false, true]);
    expect([isAsSeen(sentAgain(once, new Date(1)), once), isAsSeen(failed(once, reason), once)]).toEqual([false, false]);
  });
  it('waits for papers and goes on', () => {
    const waits = waiting(item, reason, now);
    expect([waits.state, waits.reason, waiting(waits, reason, now).state]).toEqual(['waiting', reason, 'waiting']);
    expect(resumed(waits)).toMatchObject({ state: 'pending', reason: null, e164: '+12025550123' });
  });
});

it('looks are further and further apart, up to ten minutes', () => {
  let looked = sent(item, found, 'ref', now);
  let before = 0;
  for (let i = 0; i < 30; i += 1) {
    looked = lookedAt(looked, now, 'id');
    const pauseMs = looked.nextAt!.getTime() - now.getTime();
    expect(pauseMs).toBeGreaterThanOrEqual(before);
    before = pauseMs;
  }
  expect([before, looked.supplierOrderId, nextLook(0, now).getTime() - now.getTime()]).toEqual([600_000, 'id', 2_000]);
});

it('is open until it has a number or a reason why not, whatever happens to it', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), (steps) => {
      const moves = [
        (i: OrderItem) => sent(i, found, 'ref', now),
        (i: OrderItem) => gone(i, true, reason, now),
        (i: OrderItem) => waiting(i, reason, now),
        (i: OrderItem) => resumed(i),
        (i: OrderItem) => failed(i, reason),
        (i: OrderItem) => succeeded(i, 'number', '+12025550123'),
      ];
      let at: OrderItem = searched;
      for (const step of steps) {
        try {
          at = moves[step]!(at);
        } catch {
          // not from here
        }
        expect(isOpen(at)).toBe(at.nextAt !== null);
        expect(at.state === 'succeeded').toBe(at.numberId !== null);
        if (at.state === 'ordering') expect([at.e164, at.supplierReference, at.sentAt]).not.toContain(null);
      }
    }),
  ));
