import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DATABASE_CONFIG, Listener, Log, Wakeable } from '@trunkline/platform';
import type { DatabaseConfig } from '@trunkline/platform';
import { MAIL_DUE } from './mail.sql.ts';
import { SendMails } from './send-mails.ts';
import { Smtp } from './smtp.ts';

/** How late a repeated attempt may be. */
const LOOK_MS = 5_000;

/** Sends mails as they are posted, and looks now and then for those whose time has come. Does nothing while there is no SMTP server. */
@Injectable()
export class MailLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sending: Wakeable;
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    send: SendMails,
    private readonly smtp: Smtp,
    private readonly log: Log,
    @Inject(DATABASE_CONFIG) database: DatabaseConfig,
  ) {
    this.sending = new Wakeable(() => send.execute(), (err) => log.error({ err }, 'sending mails failed')); // prettier-ignore
    this.listener = new Listener(database.systemUrl, [MAIL_DUE], () => this.sending.wake());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.smtp.isConfigured) return this.log.warn({}, 'SMTP_URL is not set: mails stay in the outbox');
    await this.listener.start();
    this.timer = setInterval(() => this.sending.wake(), LOOK_MS);
  }

  /** Before the shutdown proper, since attempts that end need their database. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.sending.stop();
  }
}
