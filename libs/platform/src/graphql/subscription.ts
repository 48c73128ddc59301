import { AppError, toPublicId } from '@trunkline/kernel';
import type { IdKind, TenantContext } from '@trunkline/kernel';
import type { Reach } from '../http/reach.ts';
import { described } from './access-of.ts';
import type { FieldAccess } from './access-of.ts';
import type { LiveEvent } from './event-stream.ts';
import { uuidOf } from './global-ids.ts';
import type { Graph, GraphObject } from './graph.ts';
import type { LiveEvents } from './live-events.ts';

type Subscription<N> = {
  readonly type: GraphObject<N>;
  readonly description: string;
  readonly events: readonly string[];
  /** Whether its events are published only for those who listen. */
  readonly isAsked?: boolean;
  /** An argument that is an id, to hear of that one only, and where an event has it: as a uuid. */
  readonly only?: { readonly arg: string; readonly kind: IdKind; readonly of: (event: LiveEvent) => string | null };
  /** What is told of an event. The key is asked anew whether it may read that. */
  readonly tell: (ctx: TenantContext, event: LiveEvent) => N | Promise<N>;
};

/** Adds a field to Subscription: the events of the tenant that the key is of, and of no other. */
export const addSubscription = <N>(
  graph: Graph,
  live: LiveEvents,
  name: string,
  access: FieldAccess<TenantContext>,
  { type, description, events, isAsked = false, only, tell }: Subscription<N>,
): void => {
  graph.subscriptionField(name, (t) =>
    t.field({
      type: type as never,
      description: described(description, access),
      extensions: { access: access.name },
      args: (only ? { [only.arg]: t.arg.id() } : {}) as Record<string, never>,
      subscribe: async (_, args: Record<string, unknown>, { reach }) => {
        const ctx = access.contextOf(reach);
        const wanted = only && args[only.arg] != null ? uuidOf(only.kind, String(args[only.arg])) : undefined;
        const stream = live.listen(ctx, events, (event) => wanted === undefined || only?.of(event) === wanted, isAsked);
        if (isAsked) await live.ask();
        return stream;
      },
      resolve: (event, _, { reach }) => tell(access.contextOf(reach), event) as never,
    }),
  );
};

/** A resource that changed, by which event. */
export type Change = { readonly event: LiveEvent; readonly uuid: string };

/** What is told of a change: the event, and under `field` the resource as it is now. */
export const changeType = <T>(
  graph: Graph,
  field: string,
  { type, kind, find }: { readonly type: GraphObject<T>; readonly kind: IdKind; readonly find: (reach: Reach, uuid: string) => Promise<T> },
): GraphObject<Change> =>
  graph.objectRef<Change>(`${type.name}Event`).implement({
    fields: (t) => ({
      event: t.string({ description: 'As webhooks are told it, e.g. trunk.updated', resolve: ({ event }) => event.type }),
      at: t.field({ type: 'DateTime', resolve: ({ event }) => event.at }),
      id: t.id({ resolve: ({ uuid }) => toPublicId(kind, uuid) }),
      [field]: t.field({
        type: type as never,
        nullable: true,
        description: 'As it is now; null when it is gone',
        resolve: (({ uuid }: Change, _: unknown, { reach }: { reach: Reach }) => find(reach, uuid).catch(nullWhenGone)) as never,
      }),
    }),
  });

const nullWhenGone = (error: unknown): null => {
  if (error instanceof AppError && error.kind === 'not_found') return null;
  throw error;
};
