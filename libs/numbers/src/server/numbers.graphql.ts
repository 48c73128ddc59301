import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, idIn, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { ProvisioningView, TrunkQueries, TrunksGraphql, shown } from '@trunkline/trunks/server';
import { restorableUntil } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import { NumberQueries } from './number-queries.ts';
import { NUMBER_STATES, stateOf } from './numbers.schema.ts';

const filters = { trunkId: idIn('trunk').optional() };

/** Numbers, and the numbers of a trunk. */
@Injectable()
export class NumbersGraphql {
  readonly number: GraphObject<TenantNumber>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly trunks: TrunksGraphql,
    private readonly queries: NumberQueries,
    private readonly trunkQueries: TrunkQueries,
    private readonly view: ProvisioningView,
  ) {
    const number = graph.objectRef<TenantNumber>('Number');
    this.number = number;
    this.defineNumber(number);
    const page = graph.connectionObject({ type: number, name: 'NumberConnection' });
    graph.queryFields((t) => ({
      numbers: t.field({
        type: page,
        nullable: true,
        description: 'Numbers, the newest first, those in quarantine too',
        args: { ...pageArgs(t.arg), trunkId: t.arg.id() },
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await queries.list(reach.tenant('numbers:read'), pageOfArgs(args, filters))),
      }),
      number: t.field({
        type: number,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_, { id }, { reach }) => queries.byId(reach.tenant('numbers:read'), uuidOf('number', id)),
      }),
    }));
    graph.objectField(trunks.trunk, 'numbers', (t) =>
      t.loadable({
        type: page,
        nullable: true,
        description: 'The numbers whose calls it takes, the newest first',
        args: pageArgs(t.arg),
        complexity: pageCost,
        byPath: true, // the arguments are the same for all trunks of one place in the query
        load: async (trunkIds: string[], { reach }, args) => {
          const pages = await queries.ofTrunks(reach.tenant('numbers:read'), trunkIds, pageOfArgs(args));
          return trunkIds.map((id) => connectionOf(pages.get(id) ?? { data: [], nextCursor: null }));
        },
        resolve: ({ id }) => id,
      }),
    );
  }

  private defineNumber(number: GraphObject<TenantNumber>): void {
    const state = this.graph.enumType('NumberState', { values: NUMBER_STATES });
    this.graph.node(number, {
      id: { resolve: ({ id }) => id },
      loadOne: (id, { reach }) => this.queries.byId(reach.tenant('numbers:read'), id),
      fields: (t) => ({
        number: t.exposeString('e164', { description: 'E.164' }),
        country: t.exposeString('country'),
        type: t.exposeString('type', { description: 'local, mobile, toll_free and so on: what its carrier says' }),
        trunkId: t.id({ nullable: true, resolve: ({ trunkId }) => trunkId && toPublicId('trunk', trunkId) }),
        state: t.field({ type: state, resolve: stateOf }),
        trunk: t.loadable({
          type: this.trunks.trunk,
          nullable: true,
          description: 'The trunk that takes its calls',
          load: (ids: string[], { reach }) => this.trunkQueries.byIds(reach.tenant('trunks:read'), ids),
          sort: ({ id }) => id,
          resolve: ({ trunkId }) => trunkId,
        }),
        externalReference: t.exposeString('externalReference', { nullable: true }),
        tags: t.exposeStringList('tags'),
        deletionLock: t.exposeBoolean('deletionLock', { description: 'It cannot be released or moved to another tenant' }),
        suspendedAt: t.expose('suspendedAt', { type: 'DateTime', nullable: true }),
        releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true }),
        restorableUntil: t.field({
          type: 'DateTime',
          nullable: true,
          description: 'Until then it can be restored',
          resolve: restorableUntil,
        }),
        quarantinedUntil: t.expose('quarantinedUntil', {
          type: 'DateTime',
          nullable: true,
          description: 'Until then nobody else can order it',
        }),
        revision: t.exposeInt('revision'),
        createdAt: t.expose('createdAt', { type: 'DateTime' }),
        updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
        provisioning: t.loadable({
          type: this.trunks.provisioning,
          load: async (numbers: TenantNumber[], { reach }) => {
            const resources = numbers.map(({ e164: id, revision }) => ({ id, revision }));
            const found = await this.view.of(reach.tenant('numbers:read'), 'number', resources);
            return resources.map(({ id, revision }) => shown(revision, found.get(id)));
          },
          resolve: (number) => number,
        }),
      }),
    });
  }
}
