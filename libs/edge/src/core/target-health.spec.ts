import { healthOf } from './target-health.ts';

const report = (down: string[] = [], unknown: string[] = [], complete = true) => ({ complete, down, unknown });
const URI = 'sip:reception@PBX.example.com:5080';
const TARGET = 'pbx.example.com:5080';

describe('healthOf', () => {
  it.each([
    ['no edge tells', [], 'unknown'],
    ['it answers', [report(['other:5060'])], 'up'],
    ['it does not answer', [report([TARGET])], 'down'],
    ['one edge of two reaches it', [report(), report([TARGET])], 'down'],
    ['it was not asked yet', [report([], [TARGET])], 'unknown'],
    ['one edge has asked it', [report([], [TARGET]), report()], 'up'],
    ['the list was cut', [report(['other:5060'], [], false)], 'unknown'],
    ['the list was cut behind it', [report([TARGET], [], false)], 'down'],
  ] as const)('%s', (_, reports, expected) => expect(healthOf(URI, reports)).toBe(expected));

  it('does not know what cannot be asked by UDP', () => expect(healthOf('sips:pbx.example.com', [report()])).toBe('unknown'));
});
