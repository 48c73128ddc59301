import { Injectable } from '@nestjs/common';
import { lockAddress } from '@trunkline/emergency/server';
import { callerNameFault } from '@trunkline/identity';
import { AppError, Clock, invalidField, newId, toPublicId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { lockTarget, numbersHere } from '@trunkline/numbers/server';
import { Database, Sealer, audit, publish } from '@trunkline/platform';
import { CreateEndpoint } from '@trunkline/webhooks/server';
import { portingErrors } from '../core/errors.ts';
import type { PortCustomer } from '../core/port-requirements.ts';
import { insertPortProject } from './port-projects.sql.ts';
import type { PortProjectRow } from './port-projects.sql.ts';
import { insertPortNumbers, insertPortOrder, lockPort } from './ports.sql.ts';
import { pinContext } from './port-sheet.ts';
import { recordPort } from './record-port.ts';

export type NewPortProject = {
  readonly numbers: readonly E164[];
  readonly trunkId: string | null;
  readonly emergencyAddressId?: string | null;
  readonly callerName?: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly pin: string | null;
  readonly customer?: PortCustomer | undefined;
  readonly externalReference: string | null;
  readonly webhookUrl?: string | null;
};
/** Where alone the project is told of; its secret is shown this once. */
export type PortProjectWebhook = { readonly endpointId: string; readonly url: string; readonly secret: string };

/** Drafts the port of a list of numbers. What orders they become is told by the portability check. */
@Injectable()
export class CreatePortProject {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly endpoints: CreateEndpoint,
  ) {}

  /**
   * @throws AppError port_order.number_unavailable (here, or being ported by whomever: one answer), webhook.url_refused at /webhook_url, request.invalid
   * at /trunk_id, /emergency_address_id, /caller_name
   */
  execute(ctx: TenantContext, input: NewPortProject): Promise<PortProjectRow & { readonly webhook: PortProjectWebhook | null }> {
    const { trunkId, emergencyAddressId = null, callerName = null, fields, pin, customer = 'business', externalReference } = input;
    const fault = callerName === null ? undefined : callerNameFault(callerName);
    if (fault) throw invalidField('/caller_name', fault.code, fault.detail);
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      if (trunkId !== null) await lockTarget(tx, ctx.tenantId, trunkId);
      if (emergencyAddressId !== null && !(await lockAddress(tx, ctx.tenantId, emergencyAddressId)))
        throw invalidField('/emergency_address_id', 'unknown', 'No such address');
      const place = { trunkId, emergencyAddressId, callerName };
      const project = { id: newId(), ...place, externalReference, requestedFocAt: null, createdBy: ctx.actor.id, createdAt: now };
      const pinSealed = pin === null ? null : this.sealer.seal(pin, pinContext(project.id));
      const order = { id: newId(), projectId: project.id, fields, customer, pinSealed };
      await insertPortProject(tx, ctx.tenantId, project);
      await insertPortOrder(tx, ctx.tenantId, order, now);
      const numbers = [...new Set(input.numbers)].sort().map((e164) => ({ id: newId(), e164 })); // in one order: two lists do not wait for each other
      const taken = await insertPortNumbers(tx, ctx.tenantId, order.id, numbers);
      const here = await numbersHere(tx, input.numbers);
      refuseUnavailable(input.numbers, (e164) => !taken.has(e164) || here.has(e164));
      await recordPort(
        tx,
        ctx,
        await lockPort(tx, ctx.tenantId, order.id),
        [{ event: 'opened', numbers: numbers.map((n) => n.e164) }],
        now,
      );
      audit(tx, ctx, 'port_project.created', project.id, { numbers: numbers.length, trunkId });
      publish(tx, { type: 'port_project.created', tenantId: ctx.tenantId, data: { portProjectId: project.id } });
      return { ...project, webhook: await this.webhookOf(ctx, project.id, input.webhookUrl ?? null) };
    });
  }

  private async webhookOf(ctx: TenantContext, projectId: string, url: string | null): Promise<PortProjectWebhook | null> {
    if (url === null) return null;
    const endpoint = { url, description: null, eventTypes: ['*'], onlyAbout: toPublicId('portProject', projectId) };
    const { id: endpointId, secret } = await this.endpoints.execute(ctx, endpoint, '/webhook_url');
    return { endpointId, url, secret };
  }
}

const refuseUnavailable = (numbers: readonly string[], isUnavailable: (e164: string) => boolean): void => {
  const errors = numbers.flatMap((e164, i) =>
    isUnavailable(e164) ? [{ pointer: `/numbers/${i}`, code: 'unavailable', detail: `${e164} is here already, or is being ported` }] : [],
  );
  if (errors.length > 0) throw new AppError(portingErrors.numberUnavailable, undefined, { errors: errors.slice(0, 100) });
};
