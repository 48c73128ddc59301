import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController, ApiOperation } from '@nestjs/swagger';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Operator, OperatorOnly, Sealer, escapeHtml, pagesOf } from '@trunkline/platform';
import type { FastifyReply } from 'fastify';
import { outboxMails } from './mail.sql.ts';
import { sealOfMail } from './post-mail.ts';
import { Smtp } from './smtp.ts';

const PAGES = pagesOf({ style: 'h2{margin-bottom:.2rem}' });
const HEADERS = { ...PAGES.headers, 'cache-control': 'no-store' };
/** A mail as text, its links to be followed. */
const linked = (body: string): string => escapeHtml(body).replace(/https?:\/\/\S+/g, (url) => `<a href="${url}">${url}</a>`);

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
  async page(@Operator() ctx: SystemContext, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.smtp.isConfigured) throw notFound();
    const mails = await this.db.read(ctx, (tx) => tx.query(outboxMails, this.clock.now()));
    const articles = mails.map(({ id, recipient, subject, bodySealed, createdAt }) => {
      const body = this.sealer.open(bodySealed, sealOfMail(id));
      return `<article><h2>${escapeHtml(subject)}</h2><p>to ${escapeHtml(recipient)}, ${createdAt.toISOString()}</p><pre>${linked(body)}</pre></article>`;
    });
    void reply.headers(HEADERS);
    const said = articles.length > 0 ? 'nothing sends these mails.' : 'nothing sends mails. There are none.';
    return PAGES.write('Outbox', `<p>SMTP_URL is not set: ${said}</p>${articles.join('')}`);
  }
}
