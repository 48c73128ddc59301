import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRY_KINDS, checksum } from '@trunkline/edge-core';
import { EntryStore } from '../agent/entry-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'tl-entries-'));
const file = join(dir, 'entries.db');
const stores: EntryStore[] = [];
const opened = (): EntryStore => {
  stores.push(new EntryStore(file));
  return stores.at(-1)!;
};
afterAll(() => {
  stores.forEach((s) => s.close());
  rmSync(dir, { recursive: true });
});

const number = (n: number, value: string | null) => ({ kind: 'number', key: String(12_020_000_000 + n), value }) as const;
const COUNT = 4_500; // two pages and a part of one

it('knows how many entries its file holds at once, and their checksums once it has taken stock', async () => {
  const first = opened();
  await first.takeStock();
  first.apply(
    Array.from({ length: COUNT }, (_, n) => number(n, `v${n}`)),
    1,
  );
  const again = opened();
  expect([again.count(), again.cursor(), again.checksums()]).toEqual([COUNT, 1, {}]);
  await again.takeStock();
  expect(again.checksums()).toEqual(first.checksums());
  expect(Object.keys(again.checksums()).sort()).toEqual([...ENTRY_KINDS].sort());
});

it('keeps them true with every change, and takes stock but once', async () => {
  const store = opened();
  await store.takeStock();
  store.apply([number(0, 'other'), number(1, null), number(COUNT, 'new')], 2);
  await store.takeStock();
  const pairs = Array.from(
    { length: COUNT + 1 },
    (_, n) => [String(12_020_000_000 + n), n === 0 ? 'other' : n === COUNT ? 'new' : `v${n}`] as const,
  );
  expect(store.checksums()['number']).toBe(checksum(pairs.filter((_, n) => n !== 1)));
  expect(store.count()).toBe(COUNT);
});

it('says nothing about what it has not counted, rather than something wrong', async () => {
  const store = opened();
  store.apply([number(2, 'changed')], 3);
  expect(store.checksums()).toEqual({});
  await store.takeStock();
  const fresh = opened();
  await fresh.takeStock();
  expect(store.checksums()).toEqual(fresh.checksums());
});
