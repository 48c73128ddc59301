import { Inject, Injectable } from '@nestjs/common';
import { CarriersGraphql, TargetHealthView, healthOf } from '@trunkline/carriers/server';
import { CODEC_NAMES, tlsAddressOf } from '@trunkline/edge-core';
import type { Codec } from '@trunkline/edge-core';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphEnum, GraphObject } from '@trunkline/platform';
import { AUTH_MODES, CALLED_NUMBER_PLACES, CALLER_ID_POLICIES, SRTP_POLICIES } from '../core/trunk.ts';
import type { Trunk } from '../core/trunk.ts';

import { CredentialQueries, NO_CREDENTIALS } from './credential-queries.ts';
import type { Credential } from './credentials.sql.ts';
import { ProvisioningView } from './provisioning.ts';
import type { EdgeProvisioning, Provisioning } from './provisioning.ts';
import { SIP_REALM } from './sip-password.ts';
import { TrunkQueries } from './trunk-queries.ts';

// so many edges a platform is taken to have where a query is priced
const EDGES_COST = 3;

/** Provisioning with the revision that its resource has now. */
export type ShownProvisioning = Provisioning & { readonly revision: number };

const credentialPageOf = (graph: Graph, type: GraphObject<Credential>) => graph.connectionObject({ type, name: 'CredentialConnection' });

/** Trunks, and what is provisioned. */
@Injectable()
export class TrunksGraphql {
  readonly trunk: GraphObject<Trunk>;
  readonly provisioning: GraphObject<ShownProvisioning>;
  readonly credential: GraphObject<Credential>;
  readonly credentialPage: ReturnType<typeof credentialPageOf>;
  readonly callerIdPolicy: GraphEnum<Trunk['callerIdPolicy']>;
  readonly authMode: GraphEnum<Trunk['authMode']>;
  readonly srtp: GraphEnum<Trunk['srtp']>;
  readonly codec: GraphEnum<Codec>;
  readonly calledNumberIn: GraphEnum<Trunk['calledNumberIn']>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: TrunkQueries,
    private readonly credentials: CredentialQueries,
    private readonly view: ProvisioningView,
    private readonly carriers: CarriersGraphql,
    private readonly health: TargetHealthView,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {
    this.trunk = graph.objectRef<Trunk>('Trunk');
    this.provisioning = this.defineProvisioning();
    this.credential = this.defineCredential();
    this.credentialPage = credentialPageOf(graph, this.credential);
    this.callerIdPolicy = graph.enumType('CallerIdPolicy', { values: CALLER_ID_POLICIES });
    this.authMode = graph.enumType('AuthMode', { values: AUTH_MODES });
    this.srtp = graph.enumType('SrtpPolicy', { values: SRTP_POLICIES });
    this.calledNumberIn = graph.enumType('CalledNumberIn', { values: CALLED_NUMBER_PLACES });
    this.codec = graph.enumType('Codec', { values: CODEC_NAMES });
    this.defineTrunk();
    this.defineQueries();
  }

  private defineQueries(): void {
    const page = this.graph.connectionObject({ type: this.trunk, name: 'TrunkConnection' });
    this.graph.queryFields((t) => ({
      trunks: t.field({
        type: page,
        nullable: true,
        description: 'Trunks, the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await this.queries.list(reach.tenant('trunks:read'), pageOfArgs(args))),
      }),
      trunk: t.field({
        type: this.trunk,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => this.queries.byId(reach.tenant('trunks:read'), uuidOf('trunk', id)),
      }),
    }));
  }

  private defineTrunk(): void {
    const inboundRoute = this.graph.objectRef<Trunk['inboundRoutes'][number]>('InboundRoute').implement({
      fields: (t) => ({
        uri: t.exposeString('uri'),
        priority: t.exposeInt('priority', { description: 'Lowest first' }),
        weight: t.exposeInt('weight', { description: 'Share of the calls among routes of equal priority' }),
        health: t.loadable({
          type: this.carriers.health,
          load: (uris: string[]) => healthOf(this.health, uris),
          resolve: ({ uri }) => uri,
        }),
      }),
    });
    this.graph.node(this.trunk, {
      id: { resolve: ({ id }) => id },
      loadOne: (id, { reach }) => this.queries.byId(reach.tenant('trunks:read'), id),
      fields: (t) => ({
        name: t.exposeString('name'),
        country: t.exposeString('country', { description: 'Where the PBX is' }),
        channelsMax: t.exposeInt('channelsMax', { description: 'Calls at one time, both directions' }),
        enabled: t.exposeBoolean('enabled'),
        defaultCallerId: t.exposeString('defaultCallerId', { nullable: true }),
        allowedCountries: t.exposeStringList('allowedCountries', { description: 'Destinations that may be called' }),
        inboundRoutes: t.expose('inboundRoutes', { type: [inboundRoute] }),
        externalReference: t.exposeString('externalReference', { nullable: true }),
        tags: t.exposeStringList('tags'),
        ipAddresses: t.exposeStringList('ipAddresses', { description: 'Calls from there are this trunk’s, without a password' }),
        techPrefix: t.exposeString('techPrefix', { nullable: true, description: 'Dialled before the number' }),
        callsPerSecondMax: t.exposeInt('callsPerSecondMax', { nullable: true, description: 'Null: the platform’s usual rate' }),
        callerIdPolicy: t.expose('callerIdPolicy', { type: this.callerIdPolicy }),
        tlsRequired: t.exposeBoolean('tlsRequired'),
        maxCallSecs: t.exposeInt('maxCallSecs', { nullable: true, description: 'The longest a call may last; null: four hours' }),
        maxRingSecs: t.exposeInt('maxRingSecs', {
          nullable: true,
          description: 'How long an inbound call may ring at each place where it is tried; null: two minutes',
        }),
        rerouteCodes: t.exposeIntList('rerouteCodes', {
          nullable: true,
          description: 'SIP answers that send an inbound call to its next route; null: 408 and every 5xx',
        }),
        disasterRecoveryUri: t.exposeString('disasterRecoveryUri', {
          nullable: true,
          description: 'Where inbound calls go when all else failed',
        }),
        presenceNumbers: t.exposeStringList('presenceNumbers', {
          description: 'The one nearest to whom is called is presented',
        }),
        authMode: t.expose('authMode', { type: this.authMode, description: 'What proves that a call is this trunk’s' }),
        ipListIds: t.idList({ resolve: ({ ipListIds }) => ipListIds.map((list) => toPublicId('ipList', list)) }),
        credentialListIds: t.idList({
          resolve: ({ credentialListIds }) => credentialListIds.map((list) => toPublicId('credentialList', list)),
        }),
        codecs: t.expose('codecs', { type: [this.codec], nullable: true, description: 'The only ones that calls may offer; null: any' }),
        srtp: t.expose('srtp', { type: this.srtp, description: 'Whether calls may, or must, offer encrypted media' }),
        registrationContactsMax: t.exposeInt('registrationContactsMax', { nullable: true, description: 'Null: 5' }),
        calledNumberIn: t.expose('calledNumberIn', {
          type: this.calledNumberIn,
          description: 'Where a registered PBX finds the called number',
        }),
        registrationExpiresMinSecs: t.exposeInt('registrationExpiresMinSecs', { nullable: true }),
        registrationExpiresMaxSecs: t.exposeInt('registrationExpiresMaxSecs', { nullable: true, description: 'Null: 3600' }),
        rejectAnonymous: t.exposeBoolean('rejectAnonymous', {
          description: 'Inbound calls whose caller withholds its number are refused',
        }),
        revision: t.exposeInt('revision'),
        createdAt: t.expose('createdAt', { type: 'DateTime' }),
        updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
        provisioning: t.loadable({
          type: this.provisioning,
          load: async (trunks: Trunk[], { reach }) => {
            const found = await this.view.of(reach.tenant('trunks:read'), 'trunk', trunks);
            return trunks.map(({ id, revision }) => shown(revision, found.get(id)));
          },
          resolve: (trunk) => trunk,
        }),
        credentials: t.loadable({
          type: this.credentialPage,
          description: 'Its digest users, revoked ones too, the newest first',
          args: pageArgs(t.arg),
          complexity: pageCost,
          byPath: true, // the arguments are the same for all trunks of one place in the query
          load: async (ids: string[], { reach }, args) => {
            const pages = await this.credentials.ofTrunks(reach.tenant('trunks:read'), ids, pageOfArgs(args));
            return ids.map((id) => connectionOf(pages.get(id) ?? NO_CREDENTIALS));
          },
          resolve: ({ id }) => id,
        }),
      }),
    });
  }

  private defineCredential(): GraphObject<Credential> {
    return this.graph.objectRef<Credential>('Credential').implement({
      fields: (t) => ({
        id: t.id({ resolve: ({ id }) => toPublicId('credential', id) }),
        trunkId: t.id({ nullable: true, resolve: ({ trunkId }) => trunkId && toPublicId('trunk', trunkId) }),
        credentialListId: t.id({
          nullable: true,
          description: 'The list it is of, when it is no trunk’s own',
          resolve: ({ credentialListId: list }) => list && toPublicId('credentialList', list),
        }),
        username: t.exposeString('username'),
        realm: t.string({ resolve: () => this.realm }),
        createdAt: t.expose('createdAt', { type: 'DateTime' }),
        revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
        oldValidUntil: t.expose('oldValidUntil', {
          type: 'DateTime',
          nullable: true,
          description: 'Until when the password before the present one is valid, too',
        }),
      }),
    });
  }

  private defineProvisioning(): GraphObject<ShownProvisioning> {
    const state = this.graph.enumType('ProvisioningState', { values: ['pending', 'applied'] as const });
    const edgeState = this.graph.enumType('EdgeProvisioningState', { values: ['active', 'draining', 'drained', 'lost'] as const });
    const edge = this.graph.objectRef<EdgeProvisioning>('EdgeProvisioning').implement({
      fields: (t) => ({
        edge: t.exposeString('edge'),
        sipAddress: t.exposeString('sipAddress', { description: 'Where a PBX sends its calls' }),
        tlsAddress: t.string({ description: 'For SIP over TLS', resolve: ({ sipAddress }) => tlsAddressOf(sipAddress) }),
        home: t.exposeBoolean('home', { description: 'It carries the tenant’s calls; the others stand by' }),
        state: t.expose('state', { type: edgeState }),
        appliedRevision: t.exposeInt('appliedRevision', { nullable: true }),
        appliedAt: t.expose('appliedAt', { type: 'DateTime', nullable: true }),
      }),
    });
    return this.graph.objectRef<ShownProvisioning>('Provisioning').implement({
      description: 'How far a resource has come to the edges',
      fields: (t) => ({
        revision: t.exposeInt('revision'),
        state: t.expose('state', { type: state }),
        edges: t.expose('edges', { type: [edge], complexity: { field: 1, multiplier: EDGES_COST } }),
      }),
    });
  }
}

/** A resource nobody knows yet is pending everywhere. */
export const shown = (revision: number, found: Provisioning | undefined): ShownProvisioning => ({
  ...(found ?? { state: 'pending', edges: [] }),
  revision,
});
