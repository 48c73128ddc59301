import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Database, Log, sql } from '@trunkline/platform';
import { SILENCE } from '../homes.sql.ts';
import { MAIN_SCOPE, edgeContext } from '../scope.ts';

const EVERY_MS = 5_000;
const listen = sql(
  'gateway-presence',
  `INSERT INTO gateway_presence AS p (scope, listening_since, listening_at) VALUES ('${MAIN_SCOPE}', clock_timestamp(), clock_timestamp())
   ON CONFLICT (scope) DO UPDATE SET listening_at = excluded.listening_at,
     listening_since = CASE WHEN p.listening_at < clock_timestamp() - interval '${SILENCE}' THEN excluded.listening_since ELSE p.listening_since END`,
);

/** Writes down that a gateway listens, for as long as it does: the silence of edges means nothing while nobody could have heard them. */
@Injectable()
export class GatewayPresence implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.note();
    this.timer = setInterval(() => this.note(), EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
  }

  private note(): void {
    this.writing = this.db
      .tx(edgeContext, (tx) => tx.query(listen))
      .then(() => {})
      .catch((err: unknown) => this.log.warn({ err }, 'gateway presence not written'));
  }
}
