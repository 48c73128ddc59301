import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';

const FLUSH_MS = 30_000;
const context = systemContext('note key use');
// ordered: two processes that note the use of the same keys must not wait for each other
const note = (table: 'api_key' | 'operator_key') =>
  sql(
    `${table}-used`,
    `WITH used AS (SELECT k.id, u.at FROM ${table} k JOIN unnest($1::uuid[], $2::timestamptz[]) AS u (id, at) ON u.id = k.id
       WHERE k.last_used_at IS NULL OR k.last_used_at < u.at ORDER BY k.id FOR UPDATE OF k)
     UPDATE ${table} k SET last_used_at = used.at FROM used WHERE k.id = used.id`,
  );
const STATEMENTS = { tenant: note('api_key'), operator: note('operator_key') };
type Kind = keyof typeof STATEMENTS;

/** When each key was used last. Kept in memory and written for all keys at once, so that a request writes nothing; a killed process forgets half a minute. */
@Injectable()
export class KeyUse implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private used: Record<Kind, Map<string, Date>> = { tenant: new Map(), operator: new Map() };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  seen(kind: Kind, id: string): void {
    this.used[kind].set(id, this.clock.now());
  }

  async flush(): Promise<void> {
    const used = this.used;
    this.used = { tenant: new Map(), operator: new Map() };
    for (const kind of ['tenant', 'operator'] as const) {
      if (used[kind].size === 0) continue;
      const [ids, times] = [[...used[kind].keys()], [...used[kind].values()]];
      await this.db
        .tx(context, (tx) => tx.query(STATEMENTS[kind], ids, times))
        .catch((err: unknown) => this.log.warn({ err }, 'the use of keys was not noted'));
    }
  }
}
