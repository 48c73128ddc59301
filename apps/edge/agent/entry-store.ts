import { createHash } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  EMPTY_CHECKSUM,
  ENTRY_KINDS,
  addToChecksum,
  formatChecksum,
  removeFromChecksum,
  type Entry,
  type EntryKind,
} from '@trunkline/edge-core';

export type Change = { readonly kind: EntryKind; readonly key: string; readonly value: string | null };
type Row = { key_name: string; key_value: string };
export type MetaName = 'version' | 'realm' | 'edge_name';
const PAGE_ROWS = 2000;

/** htable's hash puts consecutive digit strings into few buckets: keys of numbers carry 8 hex digits of their MD5 there. */
export const htableKey = (kind: EntryKind, key: string): string =>
  kind === 'number' ? key + createHash('md5').update(key).digest('hex').slice(0, 8) : key;
const entryKey = (kind: EntryKind, name: string): string => (kind === 'number' ? name.slice(0, -8) : name);

/**
 * The edge's own truth: one SQLite table per kind of entry, which Kamailio loads by itself when it starts. Every change is one transaction
 * that ends with the version it reached.
 */
export class EntryStore {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly sums = new Map<EntryKind, number>(); // of the kinds that have been counted
  private size = 0; //                                      kept, because counting a million rows takes longer than a change may

  constructor(file: string) {
    this.db = new DatabaseSync(file, { timeout: 5000 });
    this.db.exec('pragma journal_mode = wal; pragma synchronous = normal');
    this.createTables();
    for (const kind of ENTRY_KINDS) this.size += Number(this.db.prepare(`select count(*) as n from ht_${kind}`).get()!['n']);
  }

  /**
   * Counts the checksums, once. A million rows take seconds, in which Kamailio can read them too: so page by page, and not before it may start.
   * Nothing may be applied meanwhile.
   */
  async takeStock(): Promise<void> {
    for (const kind of ENTRY_KINDS) {
      if (this.sums.has(kind)) continue;
      let sum = EMPTY_CHECKSUM;
      for (let after: string | undefined = ''; after !== undefined; await breathe()) {
        const rows = this.page(kind, after, PAGE_ROWS);
        for (const { key, value } of rows) sum = addToChecksum(sum, entryKey(kind, key), value);
        after = rows.at(-1)?.key;
      }
      this.sums.set(kind, sum);
    }
  }

  /** The highest version applied; 0 when there is nothing yet. */
  cursor(): number {
    return Number(this.meta('version') ?? 0);
  }

  meta(name: MetaName): string | undefined {
    return (this.run('get', 'meta').get(name) as Row | undefined)?.key_value;
  }

  setMeta(name: MetaName, value: string): void {
    this.run('put', 'meta').run(name, value);
  }

  count(): number {
    return this.size;
  }

  /** Entries of a kind by name, those after `after`. */
  page(kind: EntryKind, after: string, limit: number): { readonly key: string; readonly value: string }[] {
    const sql = `select key_name as key, key_value as value from ht_${kind} where key_name > ? order by key_name limit ?`;
    return this.statement(`page ${kind}`, sql).all(after, limit) as { key: string; value: string }[];
  }

  /** Of the kinds that have been counted. */
  checksums(): Record<string, string> {
    return Object.fromEntries([...this.sums].map(([kind, sum]) => [kind, formatChecksum(sum)]));
  }

  apply(changes: readonly Change[], version: number): void {
    this.transaction(() => {
      for (const change of changes) this.put(change);
      this.setMeta('version', String(version));
    });
  }

  /** A full set comes in parts and replaces everything at once when its last part is here. */
  beginReset(): void {
    this.db.exec('delete from staging');
  }

  stage(entries: readonly Entry[]): void {
    const insert = this.statement('stage', 'insert or replace into staging (kind, key_name, key_value) values (?, ?, ?)');
    this.transaction(() => {
      for (const e of entries) if (e.value !== null) insert.run(e.kind, htableKey(e.kind, e.key), e.value);
    });
  }

  /** @returns what differs from before, for Kamailio */
  commitReset(version: number): Change[] {
    const changes = ENTRY_KINDS.flatMap((kind) => this.difference(kind));
    this.apply(changes, version);
    this.db.exec('delete from staging');
    return changes;
  }

  close(): void {
    this.db.close();
  }

  private difference(kind: EntryKind): Change[] {
    const put = this.db.prepare(
      `select s.key_name, s.key_value from staging s left join ht_${kind} t on t.key_name = s.key_name
       where s.kind = ? and t.key_value is not s.key_value`,
    );
    const gone = this.db.prepare(`select key_name from ht_${kind} where key_name not in (select key_name from staging where kind = ?)`);
    return [
      ...(put.all(kind) as Row[]).map((r) => ({ kind, key: entryKey(kind, r.key_name), value: r.key_value })),
      ...(gone.all(kind) as Row[]).map((r) => ({ kind, key: entryKey(kind, r.key_name), value: null })),
    ];
  }

  private put({ kind, key, value }: Change): void {
    const name = htableKey(kind, key);
    const before = this.run('get', kind).get(name) as Row | undefined;
    let sum = this.sums.get(kind);
    if (sum !== undefined && before) sum = removeFromChecksum(sum, key, before.key_value);
    if (sum !== undefined && value !== null) sum = addToChecksum(sum, key, value);
    if (sum !== undefined) this.sums.set(kind, sum);
    this.size += Number(value !== null) - Number(before !== undefined);
    if (value === null) this.run('delete', kind).run(name);
    else this.run('put', kind).run(name, value);
  }

  private run(verb: 'get' | 'put' | 'delete', kind: EntryKind | 'meta'): StatementSync {
    const sql = {
      get: `select key_name, key_value from ht_${kind} where key_name = ?`,
      put: `insert or replace into ht_${kind} (key_name, key_value) values (?, ?)`,
      delete: `delete from ht_${kind} where key_name = ?`,
    }[verb];
    return this.statement(`${verb} ${kind}`, sql);
  }

  private statement(name: string, sql: string): StatementSync {
    const prepared = this.statements.get(name) ?? this.db.prepare(sql);
    this.statements.set(name, prepared);
    return prepared;
  }

  private transaction(work: () => void): void {
    this.db.exec('begin immediate');
    const [sums, size] = [new Map(this.sums), this.size];
    try {
      work();
      this.db.exec('commit');
    } catch (error) {
      this.db.exec('rollback');
      for (const [kind, sum] of sums) this.sums.set(kind, sum);
      this.size = size;
      throw error;
    }
  }

  /** Kamailio checks the `version` table for each table it loads: htable's layout is 2. */
  private createTables(): void {
    this.db.exec(
      'create table if not exists version (id integer primary key, table_name text not null unique, table_version integer not null)',
    );
    for (const kind of [...ENTRY_KINDS, 'meta']) {
      this.db.exec(`create table if not exists ht_${kind} (key_name text primary key, key_value text not null) without rowid`);
      this.db.exec(`insert or ignore into version (table_name, table_version) values ('ht_${kind}', 2)`);
    }
    this.db.exec(
      'create table if not exists staging (kind text, key_name text, key_value text, primary key (kind, key_name)) without rowid',
    );
  }
}
