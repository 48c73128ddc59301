import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';
import { Public } from '../http/access.ts';
import { platformErrors } from '../http/errors.ts';
import { Metrics } from './metrics.ts';

const MAX_SKEW_MS = 1_000;
const databaseTime = sql<{ now: Date }>('health-now', 'SELECT clock_timestamp() AS now');

@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** The process runs. */
  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  /** The process can work: the database answers, and agrees about the time within a second (money depends on it). */
  @Get('health/ready')
  async ready() {
    const rows = await this.db
      .read(systemContext('health'), (tx) => tx.query(databaseTime))
      .catch((cause: unknown) => {
        throw new AppError(platformErrors.unavailable, 'The database does not answer', { cause });
      });
    const skewMs = Math.abs((rows[0]?.now.getTime() ?? 0) - this.clock.now().getTime());
    if (skewMs > MAX_SKEW_MS) throw new AppError(platformErrors.unavailable, `The clock is ${skewMs} ms off the database's`);
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text() {
    return this.metrics.text();
  }
}
