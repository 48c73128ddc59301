import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, addList, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { ApiKeyQueries } from './api-key-queries.ts';
import type { ApiKey } from './api-key-queries.ts';
import { apiKeyOut, apiKeyToWire, newApiKey } from './api-keys.schema.ts';
import { CreateApiKey } from './create-api-key.ts';
import { RevokeApiKey } from './revoke-api-key.ts';

const access = scoped('api_keys:write');

/** API keys. A secret is told in the answer that made it, and never again. */
@Injectable()
export class ApiKeysGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: ApiKeyQueries, create: CreateApiKey, revoke: RevokeApiKey) {
    const type = objectOf(graph, apiKeyOut);
    addList(graph, 'apiKeys', scoped('api_keys:read'), {
      type,
      description: 'API keys, revoked ones too, the newest first',
      list: (ctx, query) => queries.list(ctx, query),
      toNode: apiKeyToWire,
    });
    const created = graph.objectRef<ApiKey & { readonly secret: string }>('CreatedApiKey').implement({
      fields: (t) => ({
        apiKey: t.field({ type, resolve: (made) => apiKeyToWire(made) }),
        secret: t.exposeString('secret', { description: 'The bearer key. Shown this once' }),
      }),
    });
    addMutation(graph, 'createApiKey', access, {
      type: created,
      description: 'Create an API key',
      input: inputOf(graph, newApiKey),
      run: (ctx, { input }) => create.execute(ctx, camelKeys(input)),
    });
    addMutation(graph, 'revokeApiKey', access, {
      type,
      description: 'Revoke an API key at once',
      ids: { id: 'apiKey' },
      run: async (ctx, { id }) => {
        await revoke.execute(ctx, id);
        return apiKeyToWire(await queries.byId(ctx, id));
      },
    });
  }
}
