import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DATABASE_CONFIG, Listener, Log, Wakeable } from '@trunkline/platform';
import type { DatabaseConfig } from '@trunkline/platform';
import { WEBHOOK_DUE } from './deliveries.sql.ts';
import { SendWebhooks } from './send-webhooks.ts';

/** How late an attempt of the schedule may be. */
const LOOK_MS = 1_000;

/** Sends webhooks as they come up, and looks every second for those whose time has come. */
@Injectable()
export class WebhookLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sending: Wakeable;
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: SendWebhooks,
    log: Log,
    @Inject(DATABASE_CONFIG) database: DatabaseConfig,
  ) {
    this.sending = new Wakeable(() => send.start(() => this.sending.wake()), (err) => log.error({ err }, 'sending webhooks failed')); // prettier-ignore
    this.listener = new Listener(database.systemUrl, [WEBHOOK_DUE], () => this.sending.wake());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    this.timer = setInterval(() => this.sending.wake(), LOOK_MS);
  }

  /** Before the shutdown proper, since attempts that end need their database. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.sending.stop();
    await this.send.finish();
  }
}
