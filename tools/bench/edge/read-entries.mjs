// Reads every entry of an edge's file into memory: read-entries.mjs FILE
import { DatabaseSync } from 'node:sqlite';

const db = new DatabaseSync(process.argv[2], { readOnly: true });
const tables = db.prepare(`select name from sqlite_master where name like 'ht\\_%' escape '\\'`).all();
const read = new Map();
for (const { name } of tables) {
  const rows = new Map();
  for (const { key_name, key_value } of db.prepare(`select key_name, key_value from ${name}`).iterate()) rows.set(key_name, key_value);
  read.set(name, rows);
}
