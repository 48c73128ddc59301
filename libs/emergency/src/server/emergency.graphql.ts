import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { GRAPH, addItem, addList, addMutation, addValue, inputOf, objectOf, operatorReads, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { EmergencyAddresses } from './emergency-addresses.ts';
import { EmergencyRegistrations } from './emergency-registrations.ts';
import { EmergencySettings } from './emergency-settings.ts';
import {
  addressOut,
  addressToWire,
  civicOf,
  contacts,
  contactsOut,
  newAddress,
  numberEmergencyOut,
  numberEmergencyToWire,
  policyOut,
  registrationIn,
  waiverIn,
} from './emergency.schema.ts';

const reads = scoped('numbers:read');
const writes = scoped('numbers:write');

/** Where help is sent, and who is told. */
@Injectable()
export class EmergencyGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly addresses: EmergencyAddresses,
    private readonly registrations: EmergencyRegistrations,
    private readonly settings: EmergencySettings,
  ) {
    this.defineAddresses();
    this.defineRegistrations();
    this.defineSettings();
  }

  private defineAddresses(): void {
    const { graph, addresses } = this;
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
    addMutation(graph, 'createEmergencyAddress', writes, {
      type,
      description: 'Name a place that help may be sent to; the provider is asked whether there is one',
      input: inputOf(graph, newAddress),
      run: async (ctx, { input }) => addressToWire(await addresses.create(ctx, civicOf(input))),
    });
    addMutation(graph, 'deleteEmergencyAddress', writes, {
      ...{
        type: 'ID' as const,
        description: 'Delete an address that no number is registered at',
        ids: { id: 'emergencyAddress' as const },
      },
      run: async (ctx, { id }) => {
        await addresses.delete(ctx, id);
        return toPublicId('emergencyAddress', id);
      },
    });
  }

  private defineRegistrations(): void {
    const { graph, registrations } = this;
    const type = objectOf(graph, numberEmergencyOut);
    const ids = { numberId: 'number' } as const;
    addItem(graph, 'emergencyRegistration', reads, {
      ...{ type, description: 'Where the number with that id calls for help from', kind: 'number' as const },
      find: async (ctx, id) => numberEmergencyToWire(await registrations.of(ctx, id)),
    });
    addMutation(graph, 'registerEmergencyAddress', writes, {
      ...{ type, description: 'Register a number at an address; the one before holds until the provider has it', ids },
      input: inputOf(graph, registrationIn),
      run: async (ctx, { numberId, input }) => numberEmergencyToWire(await registrations.register(ctx, numberId, input.address_id)),
    });
    addMutation(graph, 'deregisterEmergencyAddress', writes, {
      ...{ type, description: 'Take a number’s address away', ids },
      run: async (ctx, { numberId }) => {
        await registrations.deregister(ctx, numberId);
        return numberEmergencyToWire(await registrations.of(ctx, numberId));
      },
    });
    addMutation(graph, 'signEmergencyWaiver', writes, {
      ...{ type, description: 'Say that you know that help cannot be sent to whoever calls from a number', ids },
      input: inputOf(graph, waiverIn),
      run: async (ctx, { numberId, input }) => numberEmergencyToWire(await registrations.waive(ctx, numberId, camelKeys(input))),
    });
    addMutation(graph, 'withdrawEmergencyWaiver', writes, {
      ...{ type, description: 'Withdraw a waiver', ids },
      run: async (ctx, { numberId }) => {
        await registrations.withdrawWaiver(ctx, numberId);
        return numberEmergencyToWire(await registrations.of(ctx, numberId));
      },
    });
  }

  private defineSettings(): void {
    const { graph, settings } = this;
    const type = objectOf(graph, contactsOut);
    addValue(graph, 'emergencyContacts', reads, {
      ...{ type, description: 'Who is told when somebody calls for help' },
      find: async (ctx) => ({ object: 'emergency_contacts' as const, emails: [...(await settings.contacts(ctx))] }),
    });
    addMutation(graph, 'replaceEmergencyContacts', writes, {
      ...{ type, description: 'Say who is told when somebody calls for help', input: inputOf(graph, contacts) },
      run: async (ctx, { input }) => ({
        object: 'emergency_contacts' as const,
        emails: [...(await settings.replaceContacts(ctx, input.emails))],
      }),
    });
    addValue(graph, 'emergencyPolicy', operatorReads, {
      type: objectOf(graph, policyOut),
      description: 'Where a number must have an emergency address',
      find: async (ctx) => ({ object: 'emergency_policy' as const, required_countries: [...(await settings.requiredCountries(ctx))] }),
    });
  }
}
