// How long a durable commit takes to reach another process by NOTIFY: no configuration can reach an edge sooner.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';

const CHANNEL = 'bench_yardstick';

/** @returns `{measure(): ms from sending COMMIT of one inserted row until the other process heard of it, stop()}` */
export async function commitYardstick(ownerUrl) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('CREATE TABLE bench_yardstick (id int GENERATED ALWAYS AS IDENTITY, at timestamptz)');
  const child = fork(join(import.meta.dirname, 'notify-listener.mjs'), [CHANNEL], { env: { ...process.env, DATABASE_URL: ownerUrl } });
  await once(child, 'message');

  async function measure() {
    await client.query(`BEGIN; INSERT INTO bench_yardstick (at) VALUES (now()); NOTIFY ${CHANNEL}`);
    const heard = once(child, 'message');
    const sent = process.hrtime.bigint();
    await client.query('COMMIT');
    const [at] = await heard;
    return Number(BigInt(at) - sent) / 1e6;
  }

  async function stop() {
    child.disconnect();
    await client.end();
  }
  return { measure, stop };
}
