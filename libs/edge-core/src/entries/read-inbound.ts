import type { GroupTarget, InboundGroupValue, ScheduleValue, Span } from './entry-values.ts';
import {
  count,
  countOrNull,
  fault,
  fieldsOf,
  flag,
  list,
  number,
  parse,
  rankOf,
  string,
  stringOrAbsent,
  stringOrNull,
} from './read-fields.ts';
import type { Fields } from './read-fields.ts';

const groupTargetOf = (value: unknown, at: number): GroupTarget => {
  const f = fieldsOf(value, 'group target');
  const { priority, weight } = rankOf(f, at);
  const uri = stringOrAbsent(f, 'uri');
  const trunkId = stringOrAbsent(f, 'trunkId');
  const number = stringOrAbsent(f, 'number');
  if ((uri === null ? 0 : 1) + (trunkId === null ? 0 : 1) + (number === null ? 0 : 1) !== 1) fault('group target');
  return { uri, trunkId, number, ringSecs: countOrNull(f, 'ringSecs'), priority, weight };
};

export const readInboundGroup = (json: string): InboundGroupValue => {
  const f = parse(json, 'inbound group');
  return { tenantId: string(f, 'tenantId'), ringAll: flag(f, 'ringAll'), targets: list(f, 'targets', groupTargetOf) };
};

const spanOf = (f: Fields): Span & { readonly groupId: string | null } => ({
  from: count(f, 'from'),
  to: count(f, 'to'),
  groupId: stringOrNull(f, 'groupId'),
});

const weekday = (value: unknown): number => (typeof value === 'number' && value >= 0 && value <= 6 ? value : fault('weekday'));

export const readSchedule = (json: string): ScheduleValue => {
  const f = parse(json, 'schedule');
  return {
    offsets: list(f, 'offsets', (o) => ({
      since: number(fieldsOf(o, 'offset'), 'since'),
      minutes: number(fieldsOf(o, 'offset'), 'minutes'),
    })),
    rules: list(f, 'rules', (value) => {
      const rule = fieldsOf(value, 'rule');
      const { from, to, groupId } = spanOf(rule);
      return { from, to, groupId, weekdays: list(rule, 'weekdays', weekday) };
    }),
    holidays: list(f, 'holidays', (value) => {
      const holiday = fieldsOf(value, 'holiday');
      const { from, to, groupId } = spanOf(holiday);
      return { from, to, groupId, day: count(holiday, 'day') };
    }),
    otherwise: stringOrNull(f, 'otherwise'),
  };
};
