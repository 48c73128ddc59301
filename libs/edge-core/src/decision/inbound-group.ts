import type { GroupTarget, InboundGroupValue, NumberValue, RankedTarget, TenantValue, TrunkValue } from '../entries/entry-values.ts';
import { readInboundGroup, readSchedule } from '../entries/read-inbound.ts';
import { withUser } from '../entries/sip-uri.ts';
import type { CallInput, Lookup, Route, RouteTarget } from './call.ts';
import { scheduledGroup } from './local-time.ts';
import { carriersFor, isAllowed } from './outbound-carriers.ts';
import { inOrder } from './target-order.ts';

/** Names the contact that a trunk registered, where a URI would stand; no URI has this scheme. */
export const CONTACT_OF = 'contact:';

/** What one of a group answers when it is not there, busy or broken: the next is tried. A refusal for all (6xx) is one. */
const NOT_TAKEN: readonly number[] = [404, 408, 410, 480, 484, 486, 487, 488, 500, 501, 502, 503, 504, 580];

/**
 * The group that takes the calls of a number now: that of the disaster plan while one is in force, else the schedule's, else its own. Null: none, or
 * one that is gone, so the trunk's own routes take them.
 */
export const groupFor = (number: NumberValue, tenant: TenantValue, nowSecs: number, lookup: Lookup): InboundGroupValue | null => {
  const planned = tenant.disasterGroupId === null ? null : number.disasterGroupId || tenant.disasterGroupId;
  const id = planned || scheduled(number, nowSecs, lookup) || number.groupId;
  const entry = id === null ? null : lookup('inbound_group', id);
  const group = entry === null ? null : readInboundGroup(entry);
  if (group === null || group.tenantId !== number.tenantId) return null;
  // who may place no calls has none placed by forwarding either
  return tenant.holds.length === 0 ? group : { ...group, targets: group.targets.filter((target) => target.number === null) };
};

const scheduled = (number: NumberValue, nowSecs: number, lookup: Lookup): string | null => {
  const entry = number.scheduleId === null ? null : lookup('schedule', number.scheduleId);
  return entry === null ? null : scheduledGroup(readSchedule(entry), nowSecs);
};

/**
 * Where a group sends a call: in order, or all at once; then to the trunk's place for disasters. A telephone number is reached as the trunk may call
 * it, or not at all. Null: it names nothing that can be called, so the trunk's own routes take the call.
 */
export const groupRoute = (
  group: InboundGroupValue,
  trunk: TrunkValue,
  called: string,
  carrierId: string,
  input: CallInput,
  lookup: Lookup,
): Pick<Route, 'targets' | 'ringAll' | 'rerouteCodes' | 'fallback'> | null => {
  const ranked = group.targets.map((target): Ranked => ({
    uri: uriOf(target, called),
    carrierId,
    priority: target.priority,
    weight: target.weight,
    target,
  }));
  const ordered = group.ringAll ? ranked : inOrder(ranked, input.draw, lookup);
  const targets = ordered.reduce((all: readonly RouteTarget[], one) => all.concat(reached(one, group.ringAll, trunk, input, lookup)), []);
  if (targets.length === 0) return null;
  const uri = trunk.disasterRecoveryUri;
  const recovery = uri === null ? null : { uri: withUser(uri, called), carrierId };
  const rerouteCodes = trunk.rerouteCodes || NOT_TAKEN;
  if (group.ringAll) return { targets, ringAll: true, rerouteCodes, fallback: recovery };
  return { targets: recovery === null ? targets : targets.concat(recovery), ringAll: false, rerouteCodes, fallback: null };
};

type Ranked = RankedTarget & { readonly target: GroupTarget };

const uriOf = ({ uri, trunkId }: GroupTarget, called: string): string =>
  uri !== null ? withUser(uri, called) : trunkId !== null ? CONTACT_OF + trunkId : '';

const reached = ({ uri, carrierId, target }: Ranked, once: boolean, trunk: TrunkValue, input: CallInput, lookup: Lookup): RouteTarget[] => {
  const { ringSecs, number } = target;
  if (number === null) return [{ uri, carrierId, ringSecs }];
  const digits = number.substring(1);
  if (!isAllowed(digits, trunk, lookup)) return [];
  const carriers = carriersFor(digits, input.draw, lookup).map((c): RouteTarget => ({
    uri: c.uri,
    carrierId,
    ringSecs,
    forward: { destination: number, carrierId: c.carrierId },
  }));
  return once ? carriers.slice(0, 1) : carriers;
};
