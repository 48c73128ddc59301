import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController, ApiOperation } from '@nestjs/swagger';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Operator, OperatorOnly } from '@trunkline/platform';
import { CodeSender } from './code-sender.ts';
import { Codes } from './codes.ts';

/** The codes that the emulator was to send, for whoever runs the platform without a real sender. With one, there is no such page. */
@ApiExcludeController()
@Controller('dev/verification-codes')
export class UnsentCodesController {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly codes: Codes,
    private readonly sender: CodeSender,
  ) {}

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'readUnsentCodes', summary: 'Read the codes that nothing sends' })
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  async page(@Operator() ctx: SystemContext): Promise<string> {
    if (!this.sender.isEmulator) throw notFound();
    const codes = await this.db.read(ctx, (tx) => this.codes.unsent(tx, this.clock.now()));
    return codes.map(({ to, method, code, sentAt }) => `${sentAt.toISOString()} ${method} ${to} ${code}\n`).join('');
  }
}
