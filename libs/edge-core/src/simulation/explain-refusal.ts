import type { CallFacts, CallInput, Decision } from '../decision/call.ts';
import { RESTRICTED } from '../entries/entry-values.ts';
import type { Read } from './decide-from.ts';
import { countryOf, tenantOf, trunkOf } from './facts.ts';
import type { Resource } from './trace.ts';

/** Why a call is not carried, for whoever asks: the setting that decided it, as the API names it, and what would change it. */
export type Explanation = { readonly resource: Resource | null; readonly setting: string | null; readonly says: string };
type Refused = Exclude<Decision, { action: 'route' }>;
type Case = { readonly input: CallInput; readonly call: CallFacts; readonly reads: readonly Read[] };
type Explain = (of: Case) => Explanation;

const at = (resource: Resource | null, setting: string | null, says: string): Explanation => ({ resource, setting, says });
const trunk = ({ call }: Case): Resource | null => call.trunkId === null ? null : { type: 'trunk', id: call.trunkId }; // prettier-ignore
const tenant = ({ call }: Case): Resource | null => call.tenantId === null ? null : { type: 'tenant', id: call.tenantId }; // prettier-ignore
const number = ({ call }: Case): Resource | null => call.destination === null ? null : { type: 'number', id: call.destination }; // prettier-ignore

const holdsOf = (reads: readonly Read[]): string | undefined => tenantOf(reads)?.holds.filter((hold) => hold !== RESTRICTED).join(', '); // prettier-ignore

/** By the code of the refusal. */
const EXPLAIN: Readonly<Record<string, Explain>> = {
  'edge.not_provisioned': () => at(null, null, 'The edge has not received its configuration yet and carries nothing until it has.'),
  'request.malformed': () => at(null, null, 'From or the dialled number holds a control character, which no telephone sends.'),
  'tenant.on_hold': (of) =>
    at(
      tenant(of),
      'holds',
      `The tenant is on hold (${holdsOf(of.reads)}): no call but an emergency call passes until the hold is lifted.`,
    ),
  'tenant.restricted': (of) =>
    at(tenant(of), 'holds', 'A hold stops the calls that the tenant places: it takes calls, and reaches emergency numbers, until the hold is lifted.'),
  'tenant.unknown': (of) => at(tenant(of), null, 'The tenant that the trunk belongs to is not known to the edge.'),
  'tenant.other_edge': (of) =>
    at(tenant(of), 'home', `${tenantOf(of.reads)?.home?.name} carries the calls of this tenant: register and send calls there.`),
  'trunk.unknown': (of) => at(trunk(of), null, 'The trunk is deleted, or has not reached the edge yet.'),
  'trunk.disabled': (of) => at(trunk(of), 'enabled', 'The trunk is disabled. Enable it to let its calls through.'),
  'trunk.caller_id_not_allowed': (of) =>
    at(
      trunk(of),
      'caller_id_policy',
      `The call presents ${of.input.assertedUser ?? of.input.fromUser}, which is none of the tenant’s numbers, and the trunk gives it no other. Present a number of your own, or let the trunk replace it with a default caller ID that is yours.`,
    ),
  'number.emergency_address_missing': (of) =>
    at(
      of.call.callerId === null ? null : { type: 'number', id: of.call.callerId },
      'emergency_registration',
      `${of.call.callerId} must have an emergency address to be called from. Register it at one, or have a waiver signed.`,
    ),
  'trunk.tls_required': (of) => at(trunk(of), 'tls_required', 'The trunk takes calls over TLS only, and this one comes over another transport.'),
  'trunk.anonymous_not_allowed': (of) =>
    at(trunk(of), 'reject_anonymous', 'The caller withholds its number, and the trunk takes no such calls. Turn reject_anonymous off to let them through.'),
  'trunk.destination_not_allowed': (of) => destinationClosed(of),
  'number.invalid': (of) =>
    at(null, 'to', `${of.input.requestUser || 'An empty number'} is no E.164 number, nor a national one of ${trunkOf(of.reads)?.country}. Dial + and the country code.`),
  'number.unknown': (of) => at(number(of), null, 'The number is not held here. Order it, or port it in.'),
  'number.unassigned': (of) => at(number(of), 'trunk_id', 'The number points at no trunk. Point it at the one that is to take its calls.'),
  'carrier.no_route': (of) => at(null, null, `The platform has no carrier for ${of.call.destination}; its operator can add a route.`),
  'emergency.no_route': (of) =>
    at(null, null, `No carrier takes emergency calls from ${trunkOf(of.reads)?.country}; the operator must add a route at once.`),
}; // prettier-ignore

const destinationClosed = (of: Case): Explanation => {
  const country = countryOf(of.reads);
  const open = trunkOf(of.reads)?.allowedCountries ?? [];
  const where = country === null ? 'in no country that is known' : `in ${country}`;
  const says = `${of.call.destination} lies ${where}, and the trunk may call ${open.length === 0 ? 'nowhere' : open.join(', ')} only.`;
  return at(trunk(of), 'allowed_countries', says);
};

const CHALLENGE =
  'Nobody is known at this address: the edge asks for the password of a digest user. Name a trunk to go on as one that has given it.';

/** A reason without words of its own is told by its title. */
export const explainRefusal = (decision: Refused, input: CallInput, reads: readonly Read[]): Explanation => {
  if (decision.action === 'challenge') return at(null, 'trunk_id', CHALLENGE);
  const explain = EXPLAIN[decision.reason.code];
  return explain ? explain({ input, call: decision.call, reads }) : at(null, null, `${decision.reason.title}.`);
};
