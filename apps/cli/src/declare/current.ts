import { allOf } from '@trunkline/client';
import type { Credential, Number as TenantNumber, Trunk, Trunkline } from '@trunkline/client';
import { readChannels } from './current-channels.ts';
import type { CurrentChannels } from './current-channels.ts';
import { gather } from './gather.ts';

/** What the tenant has now. */
export type Current = {
  readonly trunks: readonly Trunk[];
  readonly numbers: readonly TenantNumber[];
  /** those not revoked, by trunk id */
  readonly credentials: ReadonlyMap<string, readonly Credential[]>;
  readonly channels: CurrentChannels;
};

export const readCurrent = async (client: Trunkline): Promise<Current> => {
  const trunks = await gather(allOf<Trunk>((page) => client.listTrunks({ query: page })));
  const held = await gather(allOf<TenantNumber>((page) => client.listNumbers({ query: page })));
  const numbers = held.filter(({ state }) => state === 'active');
  const credentials = new Map<string, readonly Credential[]>();
  for (const { id } of trunks) {
    const made = await gather(allOf<Credential>((page) => client.listCredentials({ path: { trunk_id: id }, query: page })));
    credentials.set(id, made.filter(({ revoked_at }) => revoked_at === null)); // prettier-ignore
  }
  return { trunks, numbers, credentials, channels: await readChannels(client, trunks, numbers) };
};
