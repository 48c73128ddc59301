import { OLDEST_CONTRACT, entriesFor, isServed, kindsOf } from './contract.ts';
import { CONTRACT, ENTRY_KINDS } from './protocol.ts';
import type { Entry } from './protocol.ts';

const entry = (kind: string): Entry => ({ kind: kind as Entry['kind'], key: 'k', value: '{}', version: 1 });

it('serves this contract and the one before', () => {
  expect([CONTRACT + 1, CONTRACT, CONTRACT - 1, CONTRACT - 2].map(isServed)).toEqual([false, true, true, false]);
});

it('knows every kind in this contract, and in the one before no kind that this one does not have', () => {
  expect(kindsOf(CONTRACT)).toEqual(ENTRY_KINDS);
  expect(kindsOf(OLDEST_CONTRACT).filter((kind) => !ENTRY_KINDS.includes(kind))).toEqual([]);
});

it('keeps from an agent what it cannot read', () => {
  const entries = [entry('trunk'), entry('of-a-later-contract')];
  expect(entriesFor(OLDEST_CONTRACT, entries)).toEqual([entry('trunk')]);
});
