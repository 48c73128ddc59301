import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import { demandCommand } from '../core/port-guards.ts';
import { readProject } from './port-projects.sql.ts';
import { listOrdersOf, lockPort } from './ports.sql.ts';
import { recordPort } from './record-port.ts';

/** Has the carrier asked whether the drafted numbers can be ported, all at once. The answer comes by itself. */
@Injectable()
export class CheckPortProject {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, port_order.command_refused when nothing of it is a draft */
  execute(ctx: TenantContext, projectId: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await readProject(tx, ctx.tenantId, projectId);
      const drafts = (await listOrdersOf(tx, ctx.tenantId, [projectId])).filter((o) => o.state === 'draft');
      if (drafts.length === 0) throw new AppError(portingErrors.commandRefused, 'Nothing of it is a draft');
      for (const { id } of drafts) {
        const port = await lockPort(tx, ctx.tenantId, id);
        demandCommand(port.standing, 'check');
        await recordPort(tx, ctx, port, [{ event: 'check' }], this.clock.now());
      }
    });
  }
}
