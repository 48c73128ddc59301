import { createHash } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController, ApiOperation } from '@nestjs/swagger';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Operator, OperatorOnly, Sealer, pageHeaders } from '@trunkline/platform';
import type { FastifyReply } from 'fastify';
import { outboxMails } from './mail.sql.ts';
import { sealOfMail } from './post-mail.ts';
import { Smtp } from './smtp.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}h2,p{overflow-wrap:anywhere}';
const POLICY = `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
const HEADERS = { ...pageHeaders(POLICY), 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

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
      return `<article><h2>${escape(subject)}</h2><p>to ${escape(recipient)}, ${createdAt.toISOString()}</p><pre>${escape(body)}</pre></article>`;
    });
    void reply.headers(HEADERS);
    const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Outbox</title><style>${STYLE}</style>`;
    const said = articles.length > 0 ? 'nothing sends these mails.' : 'nothing sends mails. There are none.';
    return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>Outbox</h1><p>SMTP_URL is not set: ${said}</p>${articles.join('')}</main></body></html>`;
  }
}
