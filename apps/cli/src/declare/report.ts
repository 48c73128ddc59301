import type { Plan, Step } from './plan.ts';

const SIGNS: Readonly<Record<Step['kind'], readonly [sign: string, what: string]>> = {
  create_trunk: ['+', 'trunk'],
  order_number: ['+', 'number'],
  update_trunk: ['~', 'trunk'],
  update_number: ['~', 'number'],
  release_number: ['-', 'number'],
  revoke_credential: ['-', 'credential'],
  delete_trunk: ['-', 'trunk'],
  order_channels: ['~', 'channels of'],
  create_channel_group: ['+', 'channel group'],
  update_channel_group: ['~', 'channel group'],
  update_trunk_channels: ['~', 'channels of trunk'],
  update_number_channels: ['~', 'channels of number'],
  clear_number_channels: ['-', 'channels of number'],
  clear_trunk_channels: ['-', 'channels of trunk'],
  delete_channel_group: ['-', 'channel group'],
  release_channels: ['-', 'channels of'],
};

export const labelOf = ({ kind, name }: Step): string => `${SIGNS[kind].join(' ')} ${name}`;

const shown = (value: unknown): string => JSON.stringify(value) ?? 'unset';

/** The difference as a person reads it. */
export const describePlan = ({ steps, left }: Plan): string => {
  const lines = steps.flatMap((step) => [
    labelOf(step),
    ...('changes' in step ? step.changes : []).map(({ field, from, to }) =>
      from === undefined ? `    ${field}: ${shown(to)}` : `    ${field}: ${shown(from)} → ${shown(to)}`,
    ),
  ]);
  const rest = left.length === 0 ? [] : ['Not in the file, and left alone without --prune:', ...left.map((name) => `    ${name}`)];
  return [...(steps.length === 0 ? ['Nothing to change.'] : lines), ...rest].join('\n');
};
