import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, connectionOf, e164In, idIn, objectOf, pageArgs, pageCost, pageOfArgs, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import { z } from 'zod';
import { WINDOW_DAYS } from '../core/call-window.ts';
import { CallQueries } from './call-queries.ts';
import type { StoredCall } from './call-queries.ts';
import { callDetailToWire, direction, explanation, outcome, ratingState } from './calls.schema.ts';

// as in REST, see callFilter
const filters = {
  direction: direction.optional(),
  outcome: outcome.optional(),
  trunkId: idIn('trunk').optional(),
  number: e164In().optional(),
  callerId: e164In().optional(),
  destination: e164In().optional(),
  fromUser: z.string().max(255).optional(),
  toUser: z.string().max(255).optional(),
  sipCode: z.int().min(100).max(699).optional(),
  sipClass: z.int().min(1).max(6).optional(),
  reason: z.string().max(255).optional(),
  ratingState: ratingState.optional(),
  minDurationSecs: z.number().min(0).max(31_622_400).optional(),
  from: z.date().optional(),
  to: z.date().optional(),
};

/** Calls. */
@Injectable()
export class CdrGraphql {
  readonly call: GraphObject<StoredCall>;
  /** Of its properties, as REST calls them. */
  readonly enums;
  readonly ratingState;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: CallQueries,
  ) {
    this.call = graph.objectRef<StoredCall>('Call');
    this.enums = {
      direction: graph.enumType('CallDirection', { values: direction.options }),
      outcome: graph.enumType('CallOutcome', { values: outcome.options }),
      hangup_by: graph.enumType('HangupBy', { values: ['caller', 'callee', 'edge'] as const }),
    };
    this.ratingState = graph.enumType('RatingState', { values: ratingState.options });
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
          direction: t.arg({ type: this.enums.direction }),
          outcome: t.arg({ type: this.enums.outcome }),
          trunkId: t.arg.id(),
          number: t.arg.string({ description: 'Calls that presented or dialled this number' }),
          callerId: t.arg.string({ description: 'Calls that presented this number' }),
          destination: t.arg.string({ description: 'Calls to this number' }),
          fromUser: t.arg.string({ description: 'The user part of From, exactly as sent' }),
          toUser: t.arg.string({ description: 'The user part of the Request-URI, exactly as sent' }),
          sipCode: t.arg.int(),
          sipClass: t.arg.int({ description: '4 for every 4xx' }),
          reason: t.arg.string({ description: 'The error code with which the platform rejected the call' }),
          ratingState: t.arg({ type: this.ratingState }),
          minDurationSecs: t.arg.float({ description: 'Answered calls of at least this length' }),
          from: t.arg({
            type: 'DateTime',
            description: `Started at or after; ${WINDOW_DAYS} days before \`to\`, or before now, when it is left out`,
          }),
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
    const rating = this.defineRating();
    graph.node(this.call, {
      id: { resolve: ({ id }) => id },
      loadOne: async (id, { reach }) => (await this.queries.byId(reach.tenant('calls:read'), id)).call,
      fields: (t) => ({
        direction: t.expose('direction', { type: this.enums.direction }),
        outcome: t.expose('outcome', { type: this.enums.outcome }),
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
        hangupBy: t.expose('hangupBy', { type: this.enums.hangup_by, nullable: true }),
        attempts: t.exposeIntList('attempts', { description: 'The SIP code of each attempt that failed before the last' }),
        estimated: t.exposeBoolean('estimated', {
          description: 'It ended unseen: endedAt is when it last showed life, and it is billed up to there',
        }),
        channelKind: t.exposeString('channelKind', { nullable: true, description: 'What carried the call; null: nothing did' }),
        channelPoolId: t.id({ nullable: true, resolve: ({ channelPoolId }) => channelPoolId && toPublicId('channelPool', channelPoolId) }),
        masked: t.boolean({
          description: 'Whether the other party’s number has lost its last four digits',
          resolve: ({ maskedAt }) => maskedAt !== null,
        }),
        rating: t.field({ type: rating, resolve: (call) => call }),
      }),
    });
  }

  private defineRating(): GraphObject<StoredCall> {
    return this.graph.objectRef<StoredCall>('CallRating').implement({
      description: 'What a call cost',
      fields: (t) => ({
        state: t.expose('ratingState', { type: this.ratingState }),
        amount: t.field({
          type: 'Money',
          nullable: true,
          resolve: ({ amountNanos: nanos, currency }) => (nanos === null || currency === null ? null : { nanos, currency }),
        }),
        prefix: t.exposeString('prefix', { nullable: true, description: 'Of the rate that was applied' }),
        explanation: t.loadable({
          type: objectOf(this.graph, explanation, { name: 'CallRatingExplanation' }),
          description: 'How the amount comes about',
          load: async (calls: StoredCall[], { reach }) => {
            const names = await this.queries.ratesOf(reach.tenant('calls:read'), calls);
            return calls.map((call) => callDetailToWire(call, names.get(call.id)).rating.explanation);
          },
          resolve: (call) => call,
        }),
      }),
    });
  }
}

const talkMs = ({ answeredAt, endedAt }: StoredCall): number => (answeredAt ? endedAt.getTime() - answeredAt.getTime() : 0);
