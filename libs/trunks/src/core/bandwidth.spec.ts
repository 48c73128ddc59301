import fc from 'fast-check';
import { CODECS, CODEC_NAMES } from '@trunkline/edge-core';
import { bandwidthOf } from './bandwidth.ts';

const of = (over: Partial<Parameters<typeof bandwidthOf>[0]> = {}) =>
  bandwidthOf({ channels: 1, codec: 'pcma', ptimeMs: 20, srtp: false, ...over });

describe('bandwidthOf', () => {
  it.each([
    ['pcma', 20, false, 80_000, 95_200], // 160 + 40 and + 78 bytes, 50 times a second
    ['pcmu', 30, false, 74_667, 84_800],
    ['g722', 20, true, 84_000, 99_200],
    ['g729', 20, false, 24_000, 39_200],
    ['gsm', 20, false, 29_200, 44_400],
    ['opus', 20, false, 48_000, 63_200],
    ['ilbc', 20, false, 31_200, 46_400],
  ] as const)('%s in packets of %s ms (SRTP: %s) is %s bit/s of IP, %s of Ethernet each way', (codec, ptimeMs, srtp, ip, ethernet) => {
    expect(of({ codec, ptimeMs, srtp }).perCall).toEqual({ ipBitsPerSec: ip, ethernetBitsPerSec: ethernet });
  });

  it('adds up over calls and directions, and counts all that it names', () => {
    const asked = fc.record({
      channels: fc.integer({ min: 1, max: 10_000 }),
      codec: fc.constantFrom(...CODEC_NAMES),
      frames: fc.integer({ min: 1, max: 3 }),
      srtp: fc.boolean(),
    });
    fc.assert(
      fc.property(asked, ({ channels, codec, frames, srtp }) => {
        const b = of({ channels, codec, ptimeMs: CODECS[codec].frameMs * frames, srtp });
        const bytes = b.payloadBytes + b.overhead.reduce((sum, o) => sum + o.bytes, 0);
        expect(b.eachWay.ethernetBitsPerSec).toBe(Math.ceil(channels * bytes * 8 * (1000 / b.ptimeMs)));
        expect(Math.abs(b.bothWays.ipBitsPerSec - 2 * b.eachWay.ipBitsPerSec)).toBeLessThanOrEqual(1);
        expect(b.perCall.ipBitsPerSec).toBeGreaterThanOrEqual(CODECS[codec].bitsPerSec);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses packets that hold no whole frames', () => {
    expect(() => of({ codec: 'gsm', ptimeMs: 30 })).toThrow('20 ms long');
  });
});
