// A process that only listens: reports when it heard a notification, on the clock that all processes of the machine share.
//   notify-listener.mjs CHANNEL   with DATABASE_URL, as a child with an IPC channel
import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
client.on('notification', () => process.send(String(process.hrtime.bigint())));
client.on('error', () => process.exit(1));
await client.connect();
await client.query(`LISTEN ${client.escapeIdentifier(process.argv[2])}`);
process.send('listening');
process.on('disconnect', () => process.exit(0));
