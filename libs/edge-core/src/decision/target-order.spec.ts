import fc from 'fast-check';
import type { RankedTarget } from '../entries/entry-values.ts';
import { probeTargetOf } from '../entries/sip-uri.ts';
import { inOrder } from './target-order.ts';

const target = (name: string, priority: number, weight: number): RankedTarget => ({
  uri: `sip:x@${name}:5060`,
  carrierId: name,
  priority,
  weight,
});
const noneDown = () => null;
const names = (targets: readonly RankedTarget[], draw: number, down: readonly string[] = []): string[] =>
  inOrder(targets, draw, (kind, key) => (kind === 'health' && down.includes(key) ? 'down' : null)).map((t) => t.carrierId);

describe('inOrder', () => {
  const tiers = [target('a', 10, 1), target('b', 10, 3), target('c', 20, 100)];

  it('draws the first in exact proportion to the weights', () => {
    const firsts = [...Array(400).keys()].map((draw) => names(tiers, draw)[0]);
    expect([firsts.filter((n) => n === 'a').length, firsts.filter((n) => n === 'b').length]).toEqual([100, 300]);
  });

  it('draws the places behind it in about that proportion, too', () => {
    const equals = [target('a', 1, 1), target('b', 1, 1), target('c', 1, 8)];
    const seconds = [...Array(10_000).keys()].map((draw) => names(equals, draw * 214_748)).filter(([first]) => first === 'c');
    const share = seconds.filter(([, second]) => second === 'a').length / seconds.length;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
  });

  it('never puts a higher priority number before a lower one, except behind one that is down', () => {
    for (let draw = 0; draw < 20; draw++) {
      expect(names(tiers, draw)[2]).toBe('c');
      expect(names(tiers, draw, ['b:5060'])).toEqual(['a', 'c', 'b']);
    }
  });

  it('neither loses nor doubles a target, whatever is drawn', () => {
    const some = fc.array(fc.tuple(fc.nat(3), fc.nat(100)), { maxLength: 12 });
    const draws = fc.oneof(fc.nat(), fc.constantFrom(NaN, -1, 0.5, Infinity, 2 ** 31));
    fc.assert(
      fc.property(some, draws, (ranks, draw) => {
        const targets = ranks.map(([priority, weight], i) => target(`t${i}`, priority, weight));
        const ordered = inOrder(targets, draw, noneDown);
        expect([...ordered].sort((a, b) => targets.indexOf(a) - targets.indexOf(b))).toEqual(targets);
        expect(ordered.map((t) => t.priority)).toEqual(targets.map((t) => t.priority).sort((a, b) => a - b));
      }),
    );
  });
});

describe('probeTargetOf', () => {
  it.each([
    ['sip:198.51.100.7', '198.51.100.7'],
    ['sip:alice@PBX.Example.com:5080', 'pbx.example.com:5080'],
    ['sip:pbx.example.com;user=phone', 'pbx.example.com'],
    ['sip:pbx.example.com;transport=udp', 'pbx.example.com'],
    ['sip:pbx.example.com;transport=tcp', null],
    ['sip:pbx.example.com;transport=udpx', null],
    ['sip:a@pbx.example.com;lr;maddr=192.0.2.1', null],
    ['sips:pbx.example.com', null],
    ['sip:[2001:db8::1]:5060', null],
  ])('%s: %s', (uri, expected) => expect(probeTargetOf(uri)).toBe(expected));
});
