import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { compile, numberEntry } from '@trunkline/edge-core';
import type { NumberIntent } from '@trunkline/edge-core';
import { Sealer, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { diffEntries } from '../core/diff-entries.ts';
import type { EntryChange, WantedEntry } from '../core/diff-entries.ts';
import { sumsOf } from '../core/entry-sums.ts';
import type { EntrySums } from '../core/entry-sums.ts';
import { openToCompare } from './entry-seal.ts';
import { ReadIntent } from './read-intent.ts';
import { MAIN_SCOPE } from './scope.ts';

/** Numbers compared at a time: a few milliseconds, in which this process does nothing else. A change takes some ten turns of it to reach an edge. */
const PIECE = 500;

const STORED = `SELECT kind, key, value FROM edge_entry WHERE scope = '${MAIN_SCOPE}' AND value IS NOT NULL`;
const storedButNumbers = sql<WantedEntry>('edge-entries-but-numbers', `${STORED} AND kind <> 'number'`);
const storedNumbers = sql<WantedEntry>('edge-entries-numbers', `${STORED} AND kind = 'number' AND key > $1 AND key <= $2`);
const storedNumbersAfter = sql<WantedEntry>('edge-entries-numbers-after', `${STORED} AND kind = 'number' AND key > $1`);

/** How the stored entries differ from the intent; per kind how many there are, and their checksum. */
export type Comparison = {
  readonly changes: readonly EntryChange[];
  readonly present: ReadonlyMap<string, number>;
  readonly sums: EntrySums;
};

/**
 * Compares all stored entries with the whole intent. Numbers, which may be a million, are taken in pieces along their order, both sides alike, so
 * that neither memory nor the event loop, on which changes wait to be sent to the edges, notices how many there are.
 */
@Injectable()
export class CompareEntries {
  constructor(
    private readonly readIntent: ReadIntent,
    private readonly sealer: Sealer,
  ) {}

  /** @param tx one snapshot, or what changes meanwhile would look like drift */
  async execute(tx: Tx): Promise<Comparison> {
    const found = new Found();
    const { intent, unreadable } = await this.readIntent.allButNumbers(tx);
    const spared = new Set(unreadable);
    const stored = openToCompare(this.sealer, await tx.query(storedButNumbers));
    found.take(stored, compile(intent), (c) => c.kind !== 'credential' || !spared.has(c.key));
    for (let after = ''; ;) {
      const numbers = await this.readIntent.numbersAfter(tx, after, PIECE);
      const upTo = numbers.length < PIECE ? undefined : numbers.at(-1)?.e164;
      found.take(await storedBetween(tx, after, upTo), numbers.map(numberEntry));
      if (upTo === undefined) return found;
      after = upTo;
      await nextTurn();
    }
  }
}

const keyOf = (e164: string): string => e164.replace('+', '');

const storedBetween = (tx: Tx, after: NumberIntent['e164'], upTo: NumberIntent['e164'] | undefined): Promise<WantedEntry[]> =>
  upTo === undefined ? tx.query(storedNumbersAfter, keyOf(after)) : tx.query(storedNumbers, keyOf(after), keyOf(upTo));

class Found implements Comparison {
  readonly changes: EntryChange[] = [];
  readonly present = new Map<string, number>();
  sums: EntrySums = {};

  take(stored: readonly WantedEntry[], wanted: readonly WantedEntry[], counts: (change: EntryChange) => boolean = () => true): void {
    for (const change of diffEntries(stored, wanted)) if (counts(change)) this.changes.push(change);
    for (const { kind } of stored) this.present.set(kind, (this.present.get(kind) ?? 0) + 1);
    this.sums = sumsOf(stored, this.sums);
  }
}
