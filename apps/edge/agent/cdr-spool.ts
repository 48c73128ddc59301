import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type SpooledLine = { readonly id: number; readonly line: string };

/** CDR lines that Kamailio wrote and the gateway has not stored yet. */
export class CdrSpool {
  private readonly select: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;

  constructor(private readonly db: DatabaseSync) {
    this.select = db.prepare('select id, line from spool order by id limit ?');
    this.remove = db.prepare('delete from spool where id = ?');
    this.count = db.prepare('select count(*) as n from spool');
  }

  oldest(limit: number): SpooledLine[] {
    return this.select.all(limit) as SpooledLine[];
  }

  /** Only the very rows that were sent: others may have come in between. */
  forget(ids: readonly number[]): void {
    this.db.exec('begin immediate');
    try {
      for (const id of ids) this.remove.run(id);
      this.db.exec('commit');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('rollback'); // a full disk ends it by itself
      throw error;
    }
  }

  depth(): number {
    return Number(this.count.get()!.n);
  }
}
