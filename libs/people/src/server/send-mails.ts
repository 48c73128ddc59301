import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Log, Metrics, Sealer } from '@trunkline/platform';
import { nextMailAttempt } from '../core/mail-schedule.ts';
import { claimMails, expireMails, pruneMails, settleMail } from './mail.sql.ts';
import type { DueMail } from './mail.sql.ts';
import { sealOfMail } from './post-mail.ts';
import { Smtp } from './smtp.ts';

const BATCH = 10;
/** Longer than an attempt may take: whoever took a mail and is not heard of by then is dead. */
const LEASE_MS = 120_000;
const KEPT_MS = 30 * 86_400_000;
const context = systemContext('mail.send');

type Fault = { readonly responseCode?: number; readonly code?: string };

/** Sends the mails that are due, each once unless whoever sent it dies before writing it down. No transaction is open meanwhile. */
@Injectable()
export class SendMails {
  private readonly mails;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly smtp: Smtp,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.mails = metrics.counter('mail_attempts_total', 'Attempts to send a mail by what became of them', ['state']);
  }

  /** Sends until nothing is due. Returns how many attempts were made. */
  async execute(): Promise<number> {
    for (let total = 0; ;) {
      const due = await this.claim();
      await Promise.all(due.map((mail) => this.attempt(mail)));
      total += due.length;
      if (due.length < BATCH) return total;
    }
  }

  async prune(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.db.tx(context, async (tx) => {
      await tx.query(expireMails, this.clock.now());
      await tx.query(pruneMails, before);
    });
  }

  private claim(): Promise<DueMail[]> {
    return this.db.tx(context, async (tx) => {
      const now = this.clock.now();
      await tx.query(expireMails, now);
      return tx.query(claimMails, now, new Date(now.getTime() + LEASE_MS), BATCH);
    });
  }

  private async attempt(mail: DueMail): Promise<void> {
    const body = this.sealer.open(mail.bodySealed, sealOfMail(mail.id));
    const fault = await this.smtp.send({ ...mail, body }).then(
      () => undefined,
      (error: Fault) => error,
    );
    const at = this.clock.now();
    const next = fault && nextMailAttempt(mail.attempts + 1, at, fault.responseCode);
    const state = !fault ? 'sent' : next ? 'pending' : 'failed';
    // what a server says may repeat the mail: only its code is kept and logged
    const reason = fault ? String(fault.responseCode ?? fault.code ?? 'unknown') : null;
    await this.db.tx(context, (tx) => tx.query(settleMail, mail.id, mail.attempts, state, next ?? null, reason, fault ? null : at));
    this.mails.inc({ state });
    if (fault) this.log.warn({ mailId: mail.id, reason, state }, 'a mail was not taken');
  }
}
