import { addMutation, inputOf, objectOf, scoped, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject, Reach } from '@trunkline/platform';
import type { z } from 'zod';
import type { NoteSubject } from '../core/port-note.ts';
import type { AddPortNote } from './add-port-note.ts';
import type { PortNoteQueries } from './port-note-queries.ts';
import { newPortNote, portNoteOut, portNoteToWire, sideOf } from './port-notes.schema.ts';

const reads = scoped('porting:read');
/** The side is the caller's, never told in an argument. */
const writes = {
  name: 'porting:write',
  contextOf: (reach: Reach) => ({ ...reach.tenant('porting:write'), side: sideOf(reach) }),
} as const;

type Of = {
  readonly type: GraphObject<{ readonly id: string }>;
  readonly kind: 'portOrder' | 'portOut';
  readonly mutation: string;
  readonly about: (id: string) => NoteSubject;
};

const notes = new WeakMap<Graph, GraphObject<z.infer<typeof portNoteOut>>>();
/** Orders and requests have notes of one type. */
const noteOf = (graph: Graph) => {
  const note = notes.get(graph) ?? objectOf(graph, portNoteOut);
  notes.set(graph, note);
  return note;
};

/** Notes of orders or of requests: read with them, and said. */
export const addPortNotes = (graph: Graph, { queries, add }: { queries: PortNoteQueries; add: AddPortNote }, of: Of): void => {
  const { type, kind, mutation, about } = of;
  const note = noteOf(graph);
  graph.objectField(type, 'notes', (t) =>
    t.loadableList({
      type: note,
      description: 'What was said about it, in its order',
      load: async (ids: string[], { reach }) => {
        const uuids = ids.map((id) => uuidOf(kind, id));
        const found = await queries.ofAll(reads.contextOf(reach), sideOf(reach), uuids);
        return uuids.map((id) => (found.get(id) ?? []).map(portNoteToWire));
      },
      resolve: ({ id }) => id,
    }),
  );
  addMutation(graph, mutation, writes, {
    ...{ type: note, description: 'Say something about it', ids: { id: kind }, input: inputOf(graph, newPortNote) },
    run: async ({ side, ...ctx }, { id, input }) => portNoteToWire(await add.execute(ctx, side, about(id), input)),
  });
};
