import { AppError } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { problemSchema, toProblem } from './problem.ts';

export const BULK_ITEMS_MAX = 100;

/** What became of one item of a bulk request. */
export type Outcome<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly error: AppError };

/** The body of a bulk request. */
export const bulkIn = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item).min(1).max(BULK_ITEMS_MAX) });

/** Its answer: an outcome for each item, in their order. */
export const bulkOut = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    object: z.literal('bulk'),
    succeeded: z.int(),
    failed: z.int(),
    results: z.array(
      z.strictObject({
        resource: item.nullable().describe('What the item made or changed; null when it was refused'),
        problem: problemSchema.nullable().describe('Why it was refused, as it would be by itself'),
      }),
    ),
  });

/**
 * Does each by itself, all in one transaction: what is refused undoes its own part alone. A fault that is nobody's refusal (the database
 * gone) undoes all, so that a repeat is safe.
 */
export const eachByItself = <I, T>(db: Database, ctx: Context, items: readonly I[], act: (item: I) => Promise<T>): Promise<Outcome<T>[]> =>
  db.tx(ctx, async () => {
    const outcomes: Outcome<T>[] = [];
    for (const item of items) outcomes.push(await attempt(db, () => act(item)));
    return outcomes;
  });

const attempt = async <T>(db: Database, act: () => Promise<T>): Promise<Outcome<T>> => {
  try {
    return { done: true, value: await db.part(act) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { done: false, error };
  }
};

/** The outcomes on the wire; a problem's pointers lead into the bulk request. */
export const bulkToWire = <T, R>({ requestId }: Context, outcomes: readonly Outcome<T>[], resourceOf: (value: T) => R) => ({
  object: 'bulk' as const,
  succeeded: outcomes.filter((o) => o.done).length,
  failed: outcomes.filter((o) => !o.done).length,
  results: outcomes.map((o, i) => {
    if (o.done) return { resource: resourceOf(o.value), problem: null };
    const problem = toProblem(o.error, requestId);
    return { resource: null, problem: { ...problem, errors: problem.errors.map((e) => ({ ...e, pointer: `/items/${i}${e.pointer}` })) } };
  }),
});
