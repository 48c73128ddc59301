import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DATABASE_CONFIG, Listener, Log, OUTBOX, OutboxRelay, Wakeable } from '@trunkline/platform';
import type { DatabaseConfig } from '@trunkline/platform';

const SWEEP_MS = 5_000;

/** Relays events as they are committed; every few seconds also what a lost notification left behind. */
@Injectable()
export class OutboxLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly relaying: Wakeable;
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;

  constructor(relay: OutboxRelay, log: Log, @Inject(DATABASE_CONFIG) database: DatabaseConfig) {
    this.relaying = new Wakeable(() => relay.run(), (err) => log.error({ err }, 'outbox relay failed')); // prettier-ignore
    this.listener = new Listener(database.systemUrl, [OUTBOX], () => this.relaying.wake());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    this.timer = setInterval(() => this.relaying.wake(), SWEEP_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.relaying.stop();
  }
}
