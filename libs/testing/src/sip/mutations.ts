/** A UDP datagram holds no more. */
const LONGEST = 60_000;
const SEPARATORS = ['\r\n', '\r\n\r\n', '\n', '\0', ':', ';', ',', '<', '>', '"', '@', '%', ' ', '\t', '\r\n ', '(', '\\', '=', '?'];
const NUMBERS = ['0', '-1', '99999', '2147483648', '4294967296', '18446744073709551616', '1e9', '0x41'];

/**
 * Damaged messages, `count` of them, the same for the same seed: each of `messages` in turn with one to four wounds. For any number of
 * them, 2,000 or 20,000 alike.
 */
export function* mutations(messages: readonly string[], seed: number, count: number): Generator<string> {
  const random = randomFrom(seed);
  for (let i = 0; i < count; i++) {
    let text = messages[i % messages.length]!;
    for (let wounds = 1 + random(4); wounds > 0; wounds--) text = WOUNDS[random(WOUNDS.length)]!(text, random, messages);
    yield text.slice(0, LONGEST);
  }
}

type Random = (below: number) => number;
type Wound = (text: string, random: Random, messages: readonly string[]) => string;

/** Mulberry32: small, and good enough to wander through parsers. */
const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  };
};

const pick = <T>(list: readonly T[], random: Random): T => list[random(list.length)]!;
const bytes = (length: number, random: Random): string => Array.from({ length }, () => String.fromCharCode(random(256))).join('');
const inserted = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);
const byLine =
  (change: (lines: string[], at: number, random: Random) => void): Wound =>
  (text, random) => {
    const lines = text.split('\r\n');
    change(lines, random(lines.length), random);
    return lines.join('\r\n');
  };

const WOUNDS: readonly Wound[] = [
  (t, r) => inserted(t.slice(0, -1), r(t.length), String.fromCharCode(r(256))),
  (t, r) => {
    const at = r(t.length);
    return t.slice(0, at) + t.slice(at + 1 + r(40));
  },
  (t, r) => inserted(t, r(t.length), bytes(1 + r(20), r)),
  (t, r) => inserted(t, r(t.length), pick(SEPARATORS, r).repeat(1 + r(8))),
  (t, r) => t.slice(0, r(t.length)),
  (t, r) => t.replace(/\d+/g, (n) => (r(6) === 0 ? pick(NUMBERS, r) : n)),
  (t, r, all) => t.slice(0, r(t.length)) + pick(all, r).slice(r(200)),
  (t, r) => inserted(t, r(t.length), pick(['a', '%41', ';x', ',', '\xff', ' '], r).repeat(1 + r(4000))),
  byLine((lines, at) => void lines.splice(at, 1)),
  byLine((lines, at, r) => void lines.splice(at, 0, ...Array<string>(1 + r(60)).fill(lines[at] ?? ''))),
  byLine((lines, at, r) => {
    const other = r(lines.length);
    [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
  }),
  byLine((lines, at) => void (lines[at] = (lines[at] ?? '').replace(/: ?.*/, ':'))),
  byLine((lines, at) => void (lines[at] = (lines[at] ?? '').toUpperCase())),
];
