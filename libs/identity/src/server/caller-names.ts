import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import { requestedName, steppedTo } from '../core/caller-name.ts';
import type { CallerName } from '../core/caller-name.ts';
import { lockCallerName, namedNumber, readCallerName, saveCallerName } from './caller-names.sql.ts';

export const CALLER_NAME_CHANGED = 'caller_name.changed';

/** The name that networks show beside a number. A job makes it so at the provider. */
@Injectable()
export class CallerNames {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Undefined when the number has none. @throws AppError resource.not_found */
  of(ctx: TenantContext, numberId: string): Promise<CallerName | undefined> {
    return this.db.read(ctx, async (tx) => {
      await namedNumber(tx, ctx.tenantId, numberId, false);
      return readCallerName(tx, ctx.tenantId, numberId);
    });
  }

  /** @throws AppError resource.not_found, request.invalid at /name, caller_name.not_here, caller_name.busy */
  request(ctx: TenantContext, numberId: string, name: string): Promise<CallerName> {
    return this.db.tx(ctx, async (tx) => {
      const number = await namedNumber(tx, ctx.tenantId, numberId, true);
      const before = await lockCallerName(tx, ctx.tenantId, numberId);
      const wanted = requestedName(before, number, name, this.clock.now());
      if (wanted === before) return wanted;
      await saveCallerName(tx, ctx.tenantId, wanted);
      audit(tx, ctx, 'caller_name.requested', numberId, { name });
      publish(tx, { type: CALLER_NAME_CHANGED, tenantId: ctx.tenantId, data: { numberId, state: wanted.state, reason: null } });
      return wanted;
    });
  }

  /** @throws AppError resource.not_found */
  async remove(ctx: TenantContext, numberId: string): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      await namedNumber(tx, ctx.tenantId, numberId, true);
      const before = await lockCallerName(tx, ctx.tenantId, numberId);
      if (!before) throw notFound();
      if (before.state === 'removing') return;
      await saveCallerName(tx, ctx.tenantId, steppedTo(before, 'removing', null, this.clock.now()));
      audit(tx, ctx, 'caller_name.removed', numberId, { name: before.name });
      publish(tx, { type: CALLER_NAME_CHANGED, tenantId: ctx.tenantId, data: { numberId, state: 'removing', reason: null } });
    });
  }
}
