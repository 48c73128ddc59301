import { diffEntries } from './diff-entries.ts';
import type { WantedEntry } from './diff-entries.ts';
import { sameSums, sumsAfter, sumsOf } from './entry-sums.ts';

const before: WantedEntry[] = [
  { kind: 'number', key: '1', value: 'a' },
  { kind: 'number', key: '2', value: 'b' },
  { kind: 'route', key: '1', value: 'a' },
];
const after: WantedEntry[] = [
  { kind: 'number', key: '2', value: 'x' },
  { kind: 'tenant', key: 't', value: 'c' },
];

describe('entry sums', () => {
  it('follow changes to where a fresh count arrives', () => {
    expect(sameSums(sumsAfter(sumsOf(before), diffEntries(before, after)), sumsOf(after))).toBe(true);
  });

  it('see one different value', () => {
    expect(sameSums(sumsOf(before), sumsOf([...before.slice(1), { kind: 'number', key: '1', value: 'z' }]))).toBe(false);
  });
});
