// Longest-prefix look-ups per second over 500,000 prefixes. Yardstick: one Map<string, index>, the number's beginnings tried from the longest on.
import { buildPrefixTrie, longestMatch } from '@trunkline/rating';
import { machine, median, report, say } from './report.mjs';

const PREFIXES = 500_000;
const NUMBERS = 200_000;
const ROUNDS = 9;
const LONGEST = 12;

let seed = 42;
/** Mulberry32: the same numbers in every run. */
const random = (below: number): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
};
const digits = (n: number): string => Array.from({ length: n }, (_, i) => (i === 0 ? 1 + random(9) : random(10))).join('');

/** As decks are: most rows 5 to 9 digits under few country codes. */
const prefixes = [...new Set(Array.from({ length: PREFIXES * 1.4 }, () => digits(2) + digits(3 + random(5))))].slice(0, PREFIXES);
// three in four numbers are ones that a prefix covers
const numbers = Array.from({ length: NUMBERS }, (_, i) =>
  i % 4 === 0 ? digits(12) : `${prefixes[random(prefixes.length)]}${digits(6)}`.slice(0, 14),
);

const byMap = (map: ReadonlyMap<string, number>, number: string): number => {
  for (let n = Math.min(LONGEST, number.length); n > 0; n -= 1) {
    const found = map.get(number.slice(0, n));
    if (found !== undefined) return found;
  }
  return -1;
};

const perSecond = (find: (number: string) => number): number => {
  const start = performance.now();
  let sum = 0;
  for (const number of numbers) sum += find(number);
  if (sum === 0) throw new Error('nothing matched');
  return numbers.length / ((performance.now() - start) / 1000);
};

say(`${machine()}; ${prefixes.length} prefixes, ${ROUNDS} interleaved rounds of ${NUMBERS} numbers`);
const built = performance.now();
const trie = buildPrefixTrie(prefixes);
say(
  `trie built in ${Math.round(performance.now() - built)} ms, ${Math.round((trie.children.byteLength + trie.values.byteLength) / 1e6)} MB`,
);
const map = new Map(prefixes.map((prefix, index) => [prefix, index]));
const wrong = numbers.find((number) => longestMatch(trie, number) !== byMap(map, number));
if (wrong !== undefined) throw new Error(`the two disagree about ${wrong}`);

const trieRates: number[] = [];
const mapRates: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  trieRates.push(perSecond((number) => longestMatch(trie, number)));
  mapRates.push(perSecond((number) => byMap(map, number)));
}
say(`trie ${(median(trieRates) / 1e6).toFixed(2)} M/s, map ${(median(mapRates) / 1e6).toFixed(2)} M/s`);
report({
  name: 'lpm',
  figure: median(trieRates),
  unit: 'look-ups/s',
  yardstick: median(mapRates),
  yardstick_name: 'Map of prefixes, longest first, look-ups/s',
});
