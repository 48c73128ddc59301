// Brings a database up to date and lets the two roles log in:  DATABASE_URL=<its owner's> APP_PASSWORD=… SYSTEM_PASSWORD=… node tools/setup-database.mjs
// For installations whose parts run by themselves; `npm start` does the same on one machine. May run again at any time.
import { fileURLToPath } from 'node:url';
import { migrate } from './migrate.mjs';
import { ensureRoles } from './roles.mjs';

const { DATABASE_URL, APP_PASSWORD, SYSTEM_PASSWORD } = process.env;
const absent = Object.entries({ DATABASE_URL, APP_PASSWORD, SYSTEM_PASSWORD }).filter(([, value]) => !value);
if (absent.length > 0) {
  console.error(`Missing: ${absent.map(([name]) => name).join(', ')}.`);
  process.exit(1);
}
const applied = await migrate(DATABASE_URL, fileURLToPath(new URL('../prisma/migrations', import.meta.url)));
await ensureRoles(DATABASE_URL, { appPassword: APP_PASSWORD, systemPassword: SYSTEM_PASSWORD });
console.log(`The database is up to date; applied now: ${applied.join(', ') || 'nothing'}.`);
