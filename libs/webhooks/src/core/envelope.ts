import { eventData } from './event-catalogue.ts';
import type { EventType } from './event-catalogue.ts';

/** When an event happened, which its id, a uuid v7, tells. */
const timeOf = (eventId: string): Date => new Date(parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16));

/** The body of a webhook. It is kept as text: every attempt sends and signs the same bytes. */
export const envelope = (eventId: string, type: EventType, data: object): string =>
  JSON.stringify({ type, timestamp: timeOf(eventId).toISOString(), data: eventData(type, data) });
