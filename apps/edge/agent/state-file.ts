import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const SPOOL_SQL = fileURLToPath(new URL('../kamailio/spool.sql', import.meta.url));

/** Opens state.db: Kamailio's dialogs and registrations, and the CDR spool. Makes its tables from Kamailio's own definitions when it is new. */
export const openStateFile = (file: string, kamailioSql: string): DatabaseSync => {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('pragma journal_mode = wal; pragma synchronous = normal');
  const known = db.prepare("select 1 from sqlite_master where name = 'location'").get();
  if (!known) {
    const sql = ['standard', 'dialog', 'usrloc'].map((name) => readFileSync(join(kamailioSql, `${name}-create.sql`), 'utf8'));
    db.exec(`begin; ${sql.join('\n')}; commit`);
  }
  db.exec(readFileSync(SPOOL_SQL, 'utf8'));
  return db;
};
