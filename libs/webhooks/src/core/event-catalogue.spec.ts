import { newId, toPublicId } from '@trunkline/kernel';
import { EVENT_TYPES, INTERNAL_EVENTS, eventData, eventDataSchema, isEventType } from './event-catalogue.ts';

const trunkId = newId();

it('tells ids by their kind, and no field that is not named', () =>
  expect(eventData('trunk.updated', { trunkId, revision: 3, inner: 'secret' })).toEqual({
    trunk_id: toPublicId('trunk', trunkId),
    revision: 3,
  }));

it('tells what is missing as null', () =>
  expect(eventData('number.ordered', { numberId: newId(), e164: '+12025550123', trunkId: null })).toMatchObject({
    e164: '+12025550123',
    trunk_id: null,
  }));

it('tells a resource as it was published', () =>
  expect(eventData('call.completed', { id: 'cdr_x', masked: false })).toEqual({ id: 'cdr_x', masked: false }));

it('describes the very fields it tells', () => {
  for (const type of EVENT_TYPES) {
    const schema = eventDataSchema(type) as { properties?: object; $ref?: string };
    if (schema.$ref === undefined) expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(eventData(type, {})));
  }
});

it('names each event in one way, and none that is internal', () => {
  for (const type of EVENT_TYPES) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
  expect(INTERNAL_EVENTS.filter(isEventType)).toEqual([]);
  expect(isEventType('toString')).toBe(false);
});
