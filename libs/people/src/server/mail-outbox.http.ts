import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController, ApiOperation } from '@nestjs/swagger';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Operator, OperatorOnly, Sealer } from '@trunkline/platform';
import { outboxMails } from './mail.sql.ts';
import { sealOfMail } from './post-mail.ts';
import { Smtp } from './smtp.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

/** What would have been sent, for whoever runs the platform without an SMTP server. With one, there is no such page. */
@ApiExcludeController()
@Controller('dev/mail')
export class MailOutboxController {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly smtp: Smtp,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'readOutbox', summary: 'Read the mails that nothing sends' })
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('content-security-policy', "default-src 'none'")
  async page(@Operator() ctx: SystemContext): Promise<string> {
    if (this.smtp.isConfigured) throw notFound();
    const mails = await this.db.read(ctx, (tx) => tx.query(outboxMails, this.clock.now()));
    const articles = mails.map(({ id, recipient, subject, bodySealed, createdAt }) => {
      const body = this.sealer.open(bodySealed, sealOfMail(id));
      return `<article><h2>${escape(subject)}</h2><p>to ${escape(recipient)}, ${createdAt.toISOString()}</p><pre>${escape(body)}</pre></article>`;
    });
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outbox</title></head><body><h1>Outbox</h1><p>SMTP_URL is not set: nothing sends these mails.</p>${articles.join('')}</body></html>`;
  }
}
