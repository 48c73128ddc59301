import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { GRAPH, addMutation, inputOf, scoped } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { TrunkSettings } from '../core/trunk.ts';
import { CreateCredential } from './create-credential.ts';
import { ofTrunk } from './credential-owner.ts';
import type { Credential } from './credentials.sql.ts';
import { CredentialQueries } from './credential-queries.ts';
import { CreateTrunk } from './create-trunk.ts';
import { DeleteTrunk } from './delete-trunk.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { TrunksGraphql } from './trunks.graphql.ts';
import { credentialRotation, newTrunk, trunkChange } from './trunks.schema.ts';
import { UpdateTrunk } from './update-trunk.ts';

const access = scoped('trunks:write');

/** What changes trunks and their credentials. */
@Injectable()
export class TrunkChangesGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly types: TrunksGraphql,
    private readonly create: CreateTrunk,
    private readonly update: UpdateTrunk,
    private readonly remove: DeleteTrunk,
  ) {
    this.defineTrunkChanges();
  }

  private defineTrunkChanges(): void {
    const { graph, types } = this;
    const enums = {
      caller_id_policy: types.callerIdPolicy,
      auth_mode: types.authMode,
      srtp: types.srtp,
      codecs: types.codec,
      called_number_in: types.calledNumberIn,
    };
    addMutation(graph, 'createTrunk', access, {
      type: types.trunk,
      description: 'Create a trunk',
      input: inputOf(graph, newTrunk, enums),
      run: (ctx, { input }) => this.create.execute(ctx, camelKeys(input) as TrunkSettings),
    });
    addMutation(graph, 'updateTrunk', access, {
      type: types.trunk,
      description: 'Change a trunk: what is left out stays as it is',
      ids: { id: 'trunk' },
      input: inputOf(graph, trunkChange, enums),
      run: (ctx, { id, input }) => this.update.execute(ctx, id, camelKeys(input) as Partial<TrunkSettings>),
    });
    addMutation(graph, 'deleteTrunk', access, {
      type: 'ID',
      description: 'Delete a trunk and its credentials',
      ids: { id: 'trunk' },
      run: async (ctx, { id }) => {
        await this.remove.execute(ctx, id);
        return toPublicId('trunk', id);
      },
    });
  }
}

/** What makes, changes and revokes digest users. A password is told in the answer that made it, and never again. */
@Injectable()
export class CredentialChangesGraphql {
  readonly created: GraphObject<Credential & { readonly password: string }>;

  constructor(
    @Inject(GRAPH) graph: Graph,
    types: TrunksGraphql,
    create: CreateCredential,
    rotate: RotateCredential,
    revoke: RevokeCredential,
    queries: CredentialQueries,
  ) {
    this.created = graph.objectRef<Credential & { readonly password: string }>('CreatedCredential').implement({
      fields: (t) => ({
        credential: t.field({ type: types.credential, resolve: (made) => made }),
        password: t.exposeString('password', { description: 'Shown this once' }),
      }),
    });
    const { created } = this;
    addMutation(graph, 'createCredential', access, {
      type: created,
      description: 'Make a digest user for a trunk',
      ids: { trunkId: 'trunk' },
      run: (ctx, { trunkId }) => create.execute(ctx, ofTrunk(trunkId)),
    });
    addMutation(graph, 'rotateCredential', access, {
      type: created,
      description: 'Give a digest user a new password; the old one stays valid for a while',
      ids: { trunkId: 'trunk', id: 'credential' },
      input: inputOf(graph, credentialRotation),
      run: (ctx, { trunkId, id, input }) => rotate.execute(ctx, ofTrunk(trunkId), id, input.overlap_secs),
    });
    addMutation(graph, 'revokeCredential', access, {
      type: types.credential,
      description: 'Revoke a credential',
      ids: { trunkId: 'trunk', id: 'credential' },
      run: async (ctx, { trunkId, id }) => {
        await revoke.execute(ctx, ofTrunk(trunkId), id);
        return queries.byId(ctx, ofTrunk(trunkId), id);
      },
    });
  }
}
