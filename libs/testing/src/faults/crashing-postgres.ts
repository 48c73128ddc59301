import { randomBytes } from 'node:crypto';
/* eslint-disable @nx/enforce-module-boundaries -- started and migrated as an installation's is, by the same tools */
// @ts-expect-error: plain JavaScript without declarations
import { migrate } from '../../../../tools/migrate.mjs';
// @ts-expect-error: plain JavaScript without declarations
import { DURABLE, startThrowAwayPostgres } from '../../../../tools/postgres.mjs';
// @ts-expect-error: plain JavaScript without declarations
import { ensureRoles } from '../../../../tools/roles.mjs';

type Server = { url(database: string): string; crash(): Promise<void>; restart(): Promise<void>; stop(): Promise<void> };

/** A migrated database on a server of its own that keeps what it confirmed, whatever is done to the server. */
export type CrashingPostgres = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  /** kill -9 of the server. */
  crash(): Promise<void>;
  /** Starts it again where it was. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** @param migrations the folder of another build's, to begin with its schema. @param env more of the server's environment */
export const startCrashingPostgres = async ({
  migrations = 'prisma/migrations',
  env = {},
}: { readonly migrations?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<CrashingPostgres> => {
  const server = (await startThrowAwayPostgres({ flags: DURABLE, env })) as Server;
  const ownerUrl = server.url('postgres');
  const password = () => randomBytes(18).toString('base64url');
  await migrate(ownerUrl, migrations);
  const urls = (await ensureRoles(ownerUrl, { appPassword: password(), systemPassword: password() })) as {
    appUrl: string;
    systemUrl: string;
  };
  return { ownerUrl, ...urls, crash: () => server.crash(), restart: () => server.restart(), stop: () => server.stop() };
};
