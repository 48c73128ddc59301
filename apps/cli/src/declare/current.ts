import { allOf } from '@trunkline/client';
import type { Credential, Number as TenantNumber, Trunk, Trunkline } from '@trunkline/client';

/** What the tenant has now. */
export type Current = {
  readonly trunks: readonly Trunk[];
  readonly numbers: readonly TenantNumber[];
  /** those not revoked, by trunk id */
  readonly credentials: ReadonlyMap<string, readonly Credential[]>;
};

const gather = async <T>(items: AsyncGenerator<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const readCurrent = async (client: Trunkline): Promise<Current> => {
  const trunks = await gather(allOf<Trunk>((page) => client.listTrunks({ query: page })));
  const numbers = await gather(allOf<TenantNumber>((page) => client.listNumbers({ query: page })));
  const credentials = new Map<string, readonly Credential[]>();
  for (const { id } of trunks) {
    const { data } = await client.listCredentials({ path: { trunk_id: id } });
    credentials.set(id, data.filter(({ revoked_at }) => revoked_at === null)); // prettier-ignore
  }
  return { trunks, numbers: numbers.filter(({ state }) => state === 'active'), credentials };
};
