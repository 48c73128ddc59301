import { Inject, Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { MAIL_CONFIG } from './people-config.ts';
import type { MailConfig } from './people-config.ts';

export type OutgoingMail = { readonly id: string; readonly recipient: string; readonly subject: string; readonly body: string };

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Hands mails to a server by SMTP (RFC 5321), with STARTTLS when it offers it. */
@Injectable()
export class Smtp {
  private readonly transport;

  constructor(@Inject(MAIL_CONFIG) private readonly config: MailConfig) {
    const { smtpUrl } = config;
    this.transport = smtpUrl === undefined ? undefined : createTransport({ url: smtpUrl, ...TIMEOUTS });
  }

  get isConfigured(): boolean {
    return this.transport !== undefined;
  }

  /** The id is in the Message-ID, the same in every attempt, so that a mail sent twice is recognised. @throws what SMTP answered, as `responseCode` */
  async send({ id, recipient, subject, body }: OutgoingMail): Promise<void> {
    if (!this.transport) throw new Error('SMTP_URL is not set');
    const { from } = this.config;
    const messageId = `<${id}@${from.slice(from.indexOf('@') + 1)}>`;
    await this.transport.sendMail({ from, to: recipient, subject, text: body, messageId, disableFileAccess: true, disableUrlAccess: true });
  }
}
