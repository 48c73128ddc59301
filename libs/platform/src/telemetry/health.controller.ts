import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError, Clock } from '@trunkline/kernel';
import { Database } from '../db/database.ts';
import { Public } from '../http/access.ts';
import { platformErrors } from '../http/errors.ts';
import { Metrics } from './metrics.ts';
import { Shutdown } from './shutdown.ts';

const MAX_SKEW_MS = 1_000;
const unready = (why: string, cause?: unknown) => new AppError(platformErrors.unavailable, why, { cause });

@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly shutdown: Shutdown,
  ) {}

  /** The process runs. */
  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  /** The process can work: it is not about to end, the database answers, takes changes (as far as is known), and agrees about the time within a second (money depends on it). */
  @Get('health/ready')
  async ready() {
    if (this.shutdown.stopping) throw unready('The process is about to end');
    const asked = this.clock.now().getTime();
    const { now, readOnly, noRoom } = await this.db.state().catch((error: unknown) => {
      const isFull = error instanceof Error && error.message.includes('timeout exceeded when trying to connect');
      throw unready(isFull ? 'Every connection to the database is in use' : 'The database does not answer', error);
    });
    if (readOnly) throw unready('The database takes no changes: it is read-only');
    if (noRoom) throw unready('The database takes no changes: its disk is full');
    // the database's time is of some moment between question and answer
    const skewMs = Math.max(asked - now.getTime(), now.getTime() - this.clock.now().getTime(), 0);
    if (skewMs > MAX_SKEW_MS) throw unready(`The clock is ${skewMs} ms off the database's`);
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text() {
    return this.metrics.text();
  }
}
