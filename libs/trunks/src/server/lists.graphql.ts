import { Inject, Injectable } from '@nestjs/common';
import { fromPublicId, toPublicId } from '@trunkline/kernel';
import {
  GRAPH,
  addItem,
  addList,
  addMutation,
  connectionOf,
  inputOf,
  objectOf,
  pageArgs,
  pageCost,
  pageOfArgs,
  scoped,
} from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import { ChangeCredentialList } from './change-credential-list.ts';
import { ChangeIpList } from './change-ip-list.ts';
import { CreateCredential } from './create-credential.ts';
import { ofList } from './credential-owner.ts';
import { CredentialQueries, NO_CREDENTIALS } from './credential-queries.ts';
import { ListQueries } from './list-queries.ts';
import {
  credentialListChange,
  credentialListOut,
  credentialListToWire,
  ipListChange,
  ipListOut,
  ipListToWire,
  newCredentialList,
  newIpList,
} from './lists.schema.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { CredentialChangesGraphql } from './trunk-changes.graphql.ts';
import { credentialRotation } from './trunks.schema.ts';
import { TrunksGraphql } from './trunks.graphql.ts';

const reads = scoped('trunks:read');
const writes = scoped('trunks:write');

/** Lists of addresses that trunks use. */
@Injectable()
export class IpListsGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: ListQueries, change: ChangeIpList) {
    const find = async (ctx: Parameters<ListQueries['ipList']>[0], id: string) => ipListToWire(await queries.ipList(ctx, id));
    const type = objectOf(graph, ipListOut, { loadOne: (id, reach) => find(reads.contextOf(reach), id) });
    const ids = { id: 'ipList' } as const;
    addList(graph, 'ipLists', reads, {
      type,
      description: 'Lists of addresses that trunks can use, the newest first',
      list: (ctx, query) => queries.ipLists(ctx, query),
      toNode: ipListToWire,
    });
    addItem(graph, 'ipList', reads, { type, description: 'A list of addresses', kind: 'ipList', find });
    addMutation(graph, 'createIpList', writes, {
      type,
      description: 'Create a list of addresses that trunks can use',
      input: inputOf(graph, newIpList),
      run: async (ctx, { input }) => ipListToWire(await change.create(ctx, input)),
    });
    addMutation(graph, 'updateIpList', writes, {
      type,
      description: 'Change a list of addresses, for every trunk that uses it',
      ids,
      input: inputOf(graph, ipListChange),
      run: async (ctx, { id, input }) => ipListToWire(await change.update(ctx, id, input)),
    });
    addMutation(graph, 'deleteIpList', writes, {
      type: 'ID',
      description: 'Delete a list of addresses that no trunk uses',
      ids,
      run: async (ctx, { id }) => {
        await change.delete(ctx, id);
        return toPublicId('ipList', id);
      },
    });
  }
}

/** Lists of digest users that trunks use. */
@Injectable()
export class CredentialListsGraphql {
  private readonly list: GraphObject<z.infer<typeof credentialListOut>>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly types: TrunksGraphql,
    private readonly secrets: CredentialChangesGraphql,
    private readonly queries: ListQueries,
    private readonly credentials: CredentialQueries,
    private readonly change: ChangeCredentialList,
    private readonly create: CreateCredential,
    private readonly rotate: RotateCredential,
    private readonly revoke: RevokeCredential,
  ) {
    this.list = objectOf(graph, credentialListOut, {
      loadOne: async (id, reach) => credentialListToWire(await queries.credentialList(reads.contextOf(reach), id)),
    });
    this.defineReads();
    this.defineChanges();
    this.defineCredentials();
  }

  private defineReads(): void {
    const { graph, list: type, queries, credentials, types } = this;
    graph.objectField(type, 'credentials', (t) =>
      t.loadable({
        type: types.credentialPage,
        description: 'Its digest users, revoked ones too, the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        byPath: true, // the arguments are the same for all lists of one place in the query
        load: async (ids: string[], { reach }, args) => {
          const pages = await credentials.ofLists(reads.contextOf(reach), ids, pageOfArgs(args));
          return ids.map((id) => connectionOf(pages.get(id) ?? NO_CREDENTIALS));
        },
        resolve: ({ id }) => fromPublicId('credentialList', id) ?? '',
      }),
    );
    addList(graph, 'credentialLists', reads, {
      type,
      description: 'Lists of digest users that trunks can use, the newest first',
      list: (ctx, query) => queries.credentialLists(ctx, query),
      toNode: credentialListToWire,
    });
    addItem(graph, 'credentialList', reads, {
      type,
      description: 'A list of digest users',
      kind: 'credentialList',
      find: async (ctx, id) => credentialListToWire(await queries.credentialList(ctx, id)),
    });
  }

  private defineChanges(): void {
    const { graph, list: type, change } = this;
    const ids = { id: 'credentialList' } as const;
    addMutation(graph, 'createCredentialList', writes, {
      type,
      description: 'Create a list of digest users that trunks can use',
      input: inputOf(graph, newCredentialList),
      run: async (ctx, { input }) => credentialListToWire(await change.create(ctx, input.name)),
    });
    addMutation(graph, 'updateCredentialList', writes, {
      type,
      description: 'Rename a list of digest users',
      ids,
      input: inputOf(graph, credentialListChange),
      run: async (ctx, { id, input }) => credentialListToWire(await change.rename(ctx, id, input.name)),
    });
    addMutation(graph, 'deleteCredentialList', writes, {
      type: 'ID',
      description: 'Delete a list that no trunk uses, with its digest users',
      ids,
      run: async (ctx, { id }) => {
        await change.delete(ctx, id);
        return toPublicId('credentialList', id);
      },
    });
  }

  private defineCredentials(): void {
    const { graph, types, secrets, create, rotate, revoke, credentials } = this;
    const ids = { credentialListId: 'credentialList', id: 'credential' } as const;
    addMutation(graph, 'createListCredential', writes, {
      type: secrets.created,
      description: 'Make a digest user for every trunk that uses a list',
      ids: { credentialListId: 'credentialList' },
      run: (ctx, { credentialListId }) => create.execute(ctx, ofList(credentialListId)),
    });
    addMutation(graph, 'rotateListCredential', writes, {
      type: secrets.created,
      description: 'Give a digest user of a list a new password; the old one stays valid for a while',
      ids,
      input: inputOf(graph, credentialRotation),
      run: (ctx, { credentialListId, id, input }) => rotate.execute(ctx, ofList(credentialListId), id, input.overlap_secs),
    });
    addMutation(graph, 'revokeListCredential', writes, {
      type: types.credential,
      description: 'Revoke a digest user of a list',
      ids,
      run: async (ctx, { credentialListId, id }) => {
        await revoke.execute(ctx, ofList(credentialListId), id);
        return credentials.byId(ctx, ofList(credentialListId), id);
      },
    });
  }
}
