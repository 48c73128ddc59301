import type { NewNumber, NewTrunk, NumberChange, TrunkChange, Trunkline } from '@trunkline/client';
import { TrunklineError } from '@trunkline/client';
import { wordsOf } from '../failure.ts';
import { performOfChannels } from './apply-channels.ts';
import type { Ids } from './apply-channels.ts';
import type { Current } from './current.ts';
import type { Change, Step } from './plan.ts';
import { labelOf } from './report.ts';

export type Outcome = {
  readonly done: readonly Step[];
  readonly failed?: { readonly step: Step; readonly words: string };
  readonly untried: readonly Step[];
};

const valuesOf = (changes: readonly Change[]): Record<string, unknown> => Object.fromEntries(changes.map(({ field, to }) => [field, to]));

/** A number's fields with the id of the trunk that the file tells by name. */
const numberValues = (changes: readonly Change[], trunkIds: ReadonlyMap<string, string>): Record<string, unknown> => {
  const { trunk, ...values } = valuesOf(changes);
  return trunk === undefined ? values : { ...values, trunk_id: trunk === null ? null : trunkIds.get(String(trunk)) };
};

const perform = async (client: Trunkline, step: Step, ids: Ids): Promise<void> => {
  switch (step.kind) {
    case 'create_trunk': {
      const { id } = await client.createTrunk({ body: { name: step.name, ...valuesOf(step.changes) } as NewTrunk });
      ids.trunks.set(step.name, id);
      return;
    }
    case 'update_trunk':
      await client.updateTrunk({ path: { id: step.id }, body: valuesOf(step.changes) as TrunkChange });
      return;
    case 'order_number': {
      const { id } = await client.orderNumber({ body: { number: step.name, ...numberValues(step.changes, ids.trunks) } as NewNumber });
      ids.numbers.set(step.name, id);
      return;
    }
    case 'update_number':
      await client.updateNumber({ path: { id: step.id }, body: numberValues(step.changes, ids.trunks) as NumberChange });
      return;
    case 'release_number':
      await client.releaseNumber({ path: { id: step.id } });
      return;
    case 'revoke_credential':
      await client.revokeCredential({ path: { trunk_id: step.trunkId, id: step.id } });
      return;
    case 'delete_trunk':
      await client.deleteTrunk({ path: { id: step.id } });
      return;
    default:
      await performOfChannels(client, step, ids);
  }
};

/** A refusal, at the lines of the file that ask for what was refused. */
const failureOf = (file: string, step: Step, error: unknown): string => {
  if (!(error instanceof TrunklineError) || !('entry' in step)) return wordsOf(error);
  const { entry } = step;
  const fields = error.errors.map(({ pointer, detail }) => {
    const field = pointer.split('/')[1] ?? '';
    return `\n  ${file}:${entry.lines[field] ?? entry.line}: ${pointer.slice(1).replaceAll('/', '.')}: ${detail}`;
  });
  return `${file}:${entry.line}: ${error.message}${fields.join('')}`;
};

/** Takes the steps one by one and stops at the first that fails: what is done is done, and the next apply goes on from there. */
export const applySteps = async (
  client: Trunkline,
  file: string,
  steps: readonly Step[],
  current: Current,
  tell: (line: string) => void,
): Promise<Outcome> => {
  const ids: Ids = {
    trunks: new Map(current.trunks.map(({ id, name }) => [name, id])),
    numbers: new Map(current.numbers.map(({ id, number }) => [number, id])),
    pools: new Map(current.channels.poolIds),
    groups: new Map(current.channels.groupIds),
  };
  for (const [i, step] of steps.entries()) {
    try {
      await perform(client, step, ids);
      tell(`done     ${labelOf(step)}`);
    } catch (error) {
      return { done: steps.slice(0, i), failed: { step, words: failureOf(file, step, error) }, untried: steps.slice(i + 1) };
    }
  }
  return { done: steps, untried: [] };
};
