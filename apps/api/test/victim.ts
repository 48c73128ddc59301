import { fromPublicId } from '@trunkline/kernel';
import type { ApiHarness, Call } from './harness.ts';

/** A tenant that has one of everything, for others to reach after. `traces` must appear in nobody else's answers. */
export type Victim = {
  readonly id: string;
  readonly uuid: string;
  readonly call: Call;
  readonly trunk: string;
  readonly credential: string;
  readonly apiKey: string;
  readonly traces: readonly string[];
};

export const makeVictim = async (api: ApiHarness): Promise<Victim> => {
  const { id, call } = await api.tenant('Victim');
  const trunk = (await call('POST', '/v1/trunks', { name: 'victim-trunk', country: 'US', channels_max: 2 })).body.id as string;
  const credential = (await call('POST', `/v1/trunks/${trunk}/credentials`)).body.id as string;
  const apiKey = (await call('GET', '/v1/api-keys')).body.data[0].id as string;
  return { id, uuid: fromPublicId('tenant', id) ?? '', call, trunk, credential, apiKey, traces: [id, trunk, credential, apiKey, 'victim-trunk'] };
};
