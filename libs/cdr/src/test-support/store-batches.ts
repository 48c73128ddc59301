// A process that stores CDR lines batch by batch and can be killed at any moment:
//   store-batches.ts <app url> <system url> <file of lines> <lines a batch>
// It says `ready`, waits for the number of the batch to begin with, says `stored <n>` after each commit and ends after the last.
import 'reflect-metadata';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SystemClock } from '@trunkline/kernel';
import { Database, Log, Metrics } from '@trunkline/platform';
import { DeckCache } from '../server/deck-cache.ts';
import { StoreCdrs } from '../server/store-cdrs.ts';
import { EDGE_ID } from './seed-tenants.ts';

const [appUrl = '', systemUrl = '', file = '', size = ''] = process.argv.slice(2);
const database = new Database({ appUrl, systemUrl, poolMax: 1 });
const store = new StoreCdrs(database, new SystemClock(), new DeckCache(), new Log('store-batches', 'silent'), new Metrics());
const lines = readFileSync(file, 'utf8').split('\n');
const batch = Number(size);

process.stdout.write('ready\n');
const [first] = (await once(process.stdin, 'data')) as [Buffer];
for (let n = Number(first.toString()); n * batch < lines.length; n += 1) {
  await store.execute({ id: EDGE_ID }, lines.slice(n * batch, (n + 1) * batch));
  process.stdout.write(`stored ${n}\n`);
}
process.exit(0);
