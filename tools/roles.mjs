// The two roles that the programs log in as. The migrations create them without a login, because only an installation knows
// their passwords: `trunkline_app` under row-level security, `trunkline_system` for what belongs to no tenant.
import pg from 'pg';
import { sleep } from './processes.mjs';

const as = (ownerUrl, username, password) => Object.assign(new URL(ownerUrl), { username, password }).href;

async function canLogIn(url) {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Roles belong to the whole cluster: two installations that set one up at the same moment get "tuple concurrently updated". */
async function alter(db, role, password) {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.query(`ALTER ROLE ${role} LOGIN PASSWORD ${db.escapeLiteral(password)}`);
      return;
    } catch (e) {
      if (attempt === 10 || !/concurrently/.test(e.message)) throw e;
      await sleep(20 * attempt);
    }
  }
}

/**
 * Lets both roles log in with these passwords, and leaves alone those that already can.
 * @returns `{appUrl, systemUrl}` for the owner's database
 */
export async function ensureRoles(ownerUrl, { appPassword, systemPassword }) {
  const urls = { appUrl: as(ownerUrl, 'trunkline_app', appPassword), systemUrl: as(ownerUrl, 'trunkline_system', systemPassword) };
  if ((await canLogIn(urls.appUrl)) && (await canLogIn(urls.systemUrl))) return urls;
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    await alter(db, 'trunkline_app', appPassword);
    await alter(db, 'trunkline_system', systemPassword);
  } finally {
    await db.end();
  }
  return urls;
}
