import type { IdKind } from '@trunkline/kernel';
import { described } from './access-of.ts';
import type { FieldAccess } from './access-of.ts';
import { uuidOf } from './global-ids.ts';
import type { Graph, GraphObject } from './graph.ts';
import { inArguments, parsedInput } from './input-of.ts';
import type { GraphInput } from './input-of.ts';

type Mutation<Ctx, Ids extends string, Input, T> = {
  readonly type: GraphObject<T> | 'ID';
  readonly description: string;
  /** Its arguments that are ids, with their kind. */
  readonly ids?: Readonly<Record<Ids, IdKind>>;
  readonly input?: GraphInput<Input>;
  readonly run: (ctx: Ctx, given: { readonly [K in Ids]: string } & { readonly input: Input }) => Promise<T>;
};

const INPUT = '/input';

/**
 * Adds a field to Mutation, called as the operation of REST that does the same. The use case has the transaction. Nothing passes but the arguments
 * named here and, checked by REST's schema, what the input has fields for.
 */
export const addMutation = <Ctx, T, Input = undefined, Ids extends string = never>(
  graph: Graph,
  name: string,
  access: FieldAccess<Ctx>,
  { type, description, ids, input, run }: Mutation<Ctx, Ids, Input, T>,
): void => {
  const kinds = Object.entries<IdKind>(ids ?? {});
  graph.mutationField(name, (t) =>
    t.field({
      type: type as 'JSON',
      nullable: true,
      description: described(description, access),
      extensions: { access: access.name, contextOf: access.contextOf },
      args: {
        ...Object.fromEntries(kinds.map(([arg]) => [arg, t.arg.id({ required: true })])),
        ...(input && { input: t.arg({ type: input.type as 'JSON', required: !input.isOptional }) }),
      } as Record<string, never>,
      resolve: async (_, args: Record<string, unknown>, { reach }) => {
        const ctx = access.contextOf(reach);
        const uuids = Object.fromEntries(kinds.map(([arg, kind]) => [arg, uuidOf(kind, String(args[arg]))]));
        const given = input && parsedInput(input.schema, args['input'], INPUT);
        return run(ctx, { ...uuids, input: given } as never).catch((error: unknown) => {
          throw inArguments(error, INPUT);
        });
      },
    }),
  );
};
