import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, e164In, idIn, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { z } from 'zod';
import { CallQueries } from './call-queries.ts';
import type { StoredCall } from './call-queries.ts';

const DIRECTIONS = ['outbound', 'inbound', 'emergency'] as const;
const filters = {
  direction: z.enum(DIRECTIONS).optional(),
  trunkId: idIn('trunk').optional(),
  number: e164In().optional(),
  from: z.date().optional(),
  to: z.date().optional(),
};

/** Calls. */
@Injectable()
export class CdrGraphql {
  readonly call: GraphObject<StoredCall>;
  private readonly direction;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: CallQueries,
  ) {
    this.call = graph.objectRef<StoredCall>('Call');
    this.direction = graph.enumType('CallDirection', { values: DIRECTIONS });
    this.defineCall();
    this.defineQueries();
  }

  private defineQueries(): void {
    const page = this.graph.connectionObject({ type: this.call, name: 'CallConnection' });
    this.graph.queryFields((t) => ({
      calls: t.field({
        type: page,
        nullable: true,
        description: 'Calls, the newest first',
        args: {
          ...pageArgs(t.arg),
          direction: t.arg({ type: this.direction }),
          trunkId: t.arg.id(),
          number: t.arg.string({ description: 'Calls that presented or dialled this number' }),
          from: t.arg({ type: 'DateTime', description: 'Started at or after' }),
          to: t.arg({ type: 'DateTime', description: 'Started before' }),
        },
        complexity: pageCost,
        resolve: async (_, args, { reach }) => connectionOf(await this.queries.list(reach.tenant('calls:read'), pageOfArgs(args, filters))),
      }),
      call: t.field({
        type: this.call,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: async (_, { id }, { reach }) => (await this.queries.byId(reach.tenant('calls:read'), uuidOf('cdr', id))).call,
      }),
    }));
  }

  private defineCall(): void {
    const { graph } = this;
    const outcome = graph.enumType('CallOutcome', { values: ['answered', 'failed', 'rejected'] as const });
    const hangupBy = graph.enumType('HangupBy', { values: ['caller', 'callee', 'edge'] as const });
    const rating = this.defineRating();
    graph.node(this.call, {
      id: { resolve: ({ id }) => id },
      loadOne: async (id, { reach }) => (await this.queries.byId(reach.tenant('calls:read'), id)).call,
      fields: (t) => ({
        direction: t.expose('direction', { type: this.direction }),
        outcome: t.expose('outcome', { type: outcome }),
        from: t.exposeString('from', { description: 'The user part of From, exactly as sent' }),
        to: t.exposeString('to', { description: 'The user part of the Request-URI, exactly as sent' }),
        callerId: t.exposeString('callerId', { nullable: true, description: 'The number presented, E.164' }),
        destination: t.exposeString('destination', { nullable: true, description: 'The number dialled, E.164' }),
        trunkId: t.id({ nullable: true, resolve: ({ trunkId }) => trunkId && toPublicId('trunk', trunkId) }),
        startedAt: t.expose('startedAt', { type: 'DateTime' }),
        answeredAt: t.expose('answeredAt', { type: 'DateTime', nullable: true }),
        endedAt: t.expose('endedAt', { type: 'DateTime' }),
        durationSecs: t.float({ description: 'From answer to end, to the millisecond', resolve: (c) => talkMs(c) / 1000 }),
        billedSecs: t.exposeInt('billedSeconds'),
        sipCode: t.exposeInt('sipCode'),
        reason: t.exposeString('reason', { nullable: true, description: 'The error code, when the platform rejected the call' }),
        hangupBy: t.expose('hangupBy', { type: hangupBy, nullable: true }),
        attempts: t.exposeIntList('attempts', { description: 'The SIP code of each attempt that failed before the last' }),
        rating: t.field({ type: rating, resolve: (call) => call }),
      }),
    });
  }

  private defineRating(): GraphObject<StoredCall> {
    const state = this.graph.enumType('RatingState', { values: ['rated', 'free', 'unrated'] as const });
    return this.graph.objectRef<StoredCall>('CallRating').implement({
      description: 'What a call cost; how that comes about is told by REST',
      fields: (t) => ({
        state: t.expose('ratingState', { type: state }),
        amount: t.field({
          type: 'Money',
          nullable: true,
          resolve: ({ amountNanos: nanos, currency }) => (nanos === null || currency === null ? null : { nanos, currency }),
        }),
        prefix: t.exposeString('prefix', { nullable: true, description: 'Of the rate that was applied' }),
      }),
    });
  }
}

const talkMs = ({ answeredAt, endedAt }: StoredCall): number => (answeredAt ? endedAt.getTime() - answeredAt.getTime() : 0);
