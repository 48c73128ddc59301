import { INTERNAL_EVENTS, eventData, eventDataSchema, isEventType } from '@trunkline/webhooks';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** An event as it was published, or as it is told. */
type Seen = { readonly type: string } & ({ readonly payload: object } | { readonly told: object });
const INTERNAL: readonly string[] = INTERNAL_EVENTS;

/** What is wrong with events that were really published, by the schemas that customers are given of them. */
export const faultsOfEvents = (seen: readonly Seen[], schemas: Readonly<Record<string, object>>): string[] => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'openapi', components: { schemas } });
  return seen.flatMap((event) => {
    const { type } = event;
    if (INTERNAL.includes(type)) return [];
    if (!isEventType(type)) return [`${type} is in no catalogue`];
    const schema = eventDataSchema(type) as { $ref?: string };
    const validate = ajv.compile(schema.$ref === undefined ? schema : { $ref: `openapi${schema.$ref}` });
    const told = 'told' in event ? event.told : eventData(type, event.payload);
    if (validate(told)) return [];
    return [`${type}: ${(validate.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message ?? ''}`).join('; ')}`];
  });
};
