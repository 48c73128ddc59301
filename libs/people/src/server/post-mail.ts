import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import { Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { MailText } from '../core/mails.ts';
import { insertMail, wakeMail } from './mail.sql.ts';

export const sealOfMail = (id: string): string => `mail:${id}`;

/** Puts a mail on its way in the transaction that has reason for it: it is sent if and only if that commits. */
@Injectable()
export class PostMail {
  constructor(
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** @param expiresAt when what it says is no longer true: it is not sent after that */
  async execute(tx: Tx, recipient: string, { kind, subject, body }: MailText, expiresAt: Date): Promise<void> {
    const id = newId();
    await tx.query(insertMail, id, kind, recipient, subject, this.sealer.seal(body, sealOfMail(id)), this.clock.now(), expiresAt);
    await tx.query(wakeMail);
  }
}
