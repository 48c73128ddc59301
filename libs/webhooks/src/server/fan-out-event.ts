import { Injectable } from '@nestjs/common';
import { Clock, tenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { OutboxJob } from '@trunkline/platform';
import { envelope } from '../core/envelope.ts';
import { eventData, isEventType } from '../core/event-catalogue.ts';
import { endpointsListening, openDeliveries } from './deliveries.sql.ts';

/** Records an event for every endpoint of its tenant that listens. The message's id is the event's, so that an event told twice is sent once. */
@Injectable()
export class FanOutEvent {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ eventId, tenantId, type, data }: OutboxJob): Promise<void> {
    if (!isEventType(type)) return;
    const ctx = tenantContext(tenantId, { type: 'system', id: 'webhooks' }, `job:webhooks:${eventId}`);
    await this.db.tx(ctx, async (tx) => {
      const about = Object.values(eventData(type, data)).filter((value) => typeof value === 'string');
      const endpoints = await endpointsListening(tx, tenantId, type, about);
      if (endpoints.length === 0) return;
      await openDeliveries(tx, tenantId, { id: eventId, type, body: envelope(eventId, type, data) }, endpoints, this.clock.now());
    });
  }
}
