import { Injectable } from '@nestjs/common';
import { compile } from '@trunkline/edge-core';
import type { CompiledEntry } from '@trunkline/edge-core';
import { Sealer, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { diffEntries } from '../core/diff-entries.ts';
import type { WantedEntry } from '../core/diff-entries.ts';
import type { Resources } from '../core/resources.ts';
import { openToCompare } from './entry-seal.ts';
import { ReadIntent } from './read-intent.ts';
import type { EntryKey, IntentPart } from './read-intent.ts';
import { MAIN_SCOPE } from './scope.ts';
import type { Scope } from './scope.ts';
import { writeEntries, writeRevisions } from './write-entries.ts';

const STORED = `SELECT e.kind, e.key, e.value FROM edge_entry e`;
const storedOfKinds = sql<WantedEntry>(
  'edge-entries-of-kinds',
  `${STORED} WHERE e.scope = '${MAIN_SCOPE}' AND e.kind = ANY ($1::text[]) AND e.value IS NOT NULL`,
);
const storedOfKeys = sql<WantedEntry>(
  'edge-entries-of-keys',
  `${STORED} JOIN unnest($1::text[], $2::text[]) AS k (kind, key) ON e.kind = k.kind AND e.key = k.key
   WHERE e.scope = '${MAIN_SCOPE}' AND e.value IS NOT NULL`,
);

/** The one path by which entries come to be: first sync, change and repair alike. */
@Injectable()
export class Recompute {
  constructor(
    private readonly readIntent: ReadIntent,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Reads the resources, compiles them, and writes what differs from the stored entries. The scope must be locked.
   * @param alsoKeys entries to decide about beside those of the resources: what no resource wants is removed
   * @returns how many entries were written
   */
  async execute(tx: Tx, scope: Scope, resources: Resources, alsoKeys: readonly EntryKey[] = []): Promise<number> {
    const part = await this.readIntent.of(tx, resources);
    const covers = coverage(part, alsoKeys);
    const wanted = compile(part.intent).filter((e) => covers.has(e));
    const keys = [...covers.keys, ...wanted.filter((e) => e.kind === 'emergency' && !part.kinds.includes('emergency'))];
    const stored = [
      ...(part.kinds.length > 0 ? await tx.query(storedOfKinds, part.kinds) : []),
      ...(await tx.query(storedOfKeys, keys.map((k) => k.kind), keys.map((k) => k.key))), // prettier-ignore
    ];
    const changes = diffEntries(openToCompare(this.sealer, stored), wanted);
    const { version } = await writeEntries(tx, this.sealer, scope, changes);
    await writeRevisions(tx, version, part.revisions);
    return changes.length;
  }
}

/** Compiling a part also gives entries it does not decide about (the countries, other countries' emergency numbers): `has` sorts them out. */
const coverage = (part: IntentPart, alsoKeys: readonly EntryKey[]) => {
  const idOf = ({ kind, key }: EntryKey) => `${kind} ${key}`;
  const spared = new Set(part.unreadable.map((key) => idOf({ kind: 'credential', key })));
  const byId = new Map([...part.keys, ...alsoKeys].map((k) => [idOf(k), k]));
  const keys = [...byId].filter(([id, { kind }]) => !part.kinds.includes(kind) && !spared.has(id)).map(([, key]) => key);
  const ids = new Set(keys.map(idOf));
  const emergency = new Set(part.emergencyCountries);
  const has = (e: CompiledEntry): boolean =>
    part.kinds.includes(e.kind) || ids.has(idOf(e)) || (e.kind === 'emergency' && emergency.has(e.key.split(':')[0] ?? ''));
  return { keys, has };
};
