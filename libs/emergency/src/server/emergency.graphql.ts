import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, addList, addMutation, addValue, inputOf, objectOf, operatorReads, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { EmergencyAddresses } from './emergency-addresses.ts';
import { EmergencyRegistrations } from './emergency-registrations.ts';
import { EmergencySettings } from './emergency-settings.ts';
import {
  addressOut,
  addressToWire,
  civicOf,
  contactsOut,
  newAddress,
  numberEmergencyOut,
  numberEmergencyToWire,
  policyOut,
} from './emergency.schema.ts';

/** Where help is sent, and who is told. */
@Injectable()
export class EmergencyGraphql {
  constructor(
    @Inject(GRAPH) graph: Graph,
    addresses: EmergencyAddresses,
    registrations: EmergencyRegistrations,
    settings: EmergencySettings,
  ) {
    const reads = scoped('numbers:read');
    const type = objectOf(graph, addressOut);
    addList(graph, 'emergencyAddresses', reads, {
      type,
      description: 'Places that help may be sent to, the newest first',
      list: (ctx, query) => addresses.list(ctx, query),
      toNode: addressToWire,
    });
    addItem(graph, 'emergencyAddress', reads, {
      type,
      description: 'A place that help may be sent to',
      kind: 'emergencyAddress',
      find: async (ctx, id) => addressToWire(await addresses.byId(ctx, id)),
    });
    addItem(graph, 'emergencyRegistration', reads, {
      type: objectOf(graph, numberEmergencyOut),
      description: 'Where the number with that id calls for help from',
      kind: 'number',
      find: async (ctx, id) => numberEmergencyToWire(await registrations.of(ctx, id)),
    });
    addValue(graph, 'emergencyContacts', reads, {
      type: objectOf(graph, contactsOut),
      description: 'Who is told when somebody calls for help',
      find: async (ctx) => ({ object: 'emergency_contacts' as const, emails: [...(await settings.contacts(ctx))] }),
    });
    addValue(graph, 'emergencyPolicy', operatorReads, {
      type: objectOf(graph, policyOut),
      description: 'Where a number must have an emergency address',
      find: async (ctx) => ({ object: 'emergency_policy' as const, required_countries: [...(await settings.requiredCountries(ctx))] }),
    });
    addMutation(graph, 'createEmergencyAddress', scoped('numbers:write'), {
      type,
      description: 'Name a place that help may be sent to; the provider is asked whether there is one',
      input: inputOf(graph, newAddress),
      run: async (ctx, { input }) => addressToWire(await addresses.create(ctx, civicOf(input))),
    });
  }
}
