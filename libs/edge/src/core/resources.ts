import { REGISTRAR } from '@trunkline/edge-core';

/**
 * Which resources changed: what to read again and recompute. Tenants, trunks, channel pools and groups by uuid, numbers by E.164, verified caller IDs by the key of their
 * entry, the carriers always together, and so the allow-list.
 */
export type Resources = {
  readonly tenants: readonly string[];
  readonly trunks: readonly string[];
  readonly numbers: readonly string[];
  readonly channelPools: readonly string[];
  readonly channelGroups: readonly string[];
  readonly verified: readonly string[];
  readonly carriers: boolean;
  readonly allowList: boolean;
  readonly inboundGroups: readonly string[];
  readonly inboundSchedules: readonly string[];
};

export type ResourceRef = { readonly type: string; readonly id: string };

/** Groups references, each once, in a fixed order. */
export const groupResources = (refs: readonly ResourceRef[]): Resources => {
  const of = (type: string) => [...new Set(refs.filter((r) => r.type === type).map((r) => r.id))].sort();
  const some = (type: string) => refs.some((r) => r.type === type);
  return {
    ...{ tenants: of('tenant'), trunks: of('trunk'), numbers: of('number'), verified: of('verified') },
    ...{ channelPools: of('channel_pool'), channelGroups: of('channel_group') },
    ...{ carriers: some('carriers'), allowList: some('allow_list') },
    ...{ inboundGroups: of('inbound_group'), inboundSchedules: of('inbound_schedule') },
  };
};

/** The resource that an entry comes from, as far as its key tells: the trunk of a credential or an address must be looked up, countries come from the program. */
export const resourceOfEntry = ({ kind, key }: { readonly kind: string; readonly key: string }): ResourceRef | undefined => {
  if (kind === 'credential' && key.startsWith(REGISTRAR)) return { type: 'trunk', id: key.slice(REGISTRAR.length) };
  if (kind === 'presence') return { type: 'trunk', id: key };
  if (kind === 'tenant' || kind === 'trunk' || kind === 'channel_pool' || kind === 'channel_group') return { type: kind, id: key };
  if (kind === 'verified') return { type: kind, id: key };
  if (kind === 'inbound_group') return { type: kind, id: key };
  if (kind === 'schedule') return { type: 'inbound_schedule', id: key };
  if (kind === 'number') return { type: kind, id: `+${key}` };
  if (kind === 'source' || kind === 'route' || kind === 'emergency') return { type: 'carriers', id: 'all' };
  if (kind === 'allow_list') return { type: 'allow_list', id: 'all' };
  return undefined;
};
