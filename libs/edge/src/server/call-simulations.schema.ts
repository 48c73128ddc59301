import { CONTACT_OF } from '@trunkline/edge-core';
import type { CallFacts, Decision, Explanation, RouteTarget, TraceStep } from '@trunkline/edge-core';
import { toPublicId } from '@trunkline/kernel';
import { idIn, idOut, text } from '@trunkline/platform';
import { z } from 'zod';
import type { Replay } from './replay-call.ts';
import type { ImaginedCall, Simulation } from './simulate-call.ts';

const user = () => text(128).meta({ example: '+12025550123' });

export const newCallSimulation = z
  .strictObject({
    call_id: idIn('cdr').optional().describe('A call that was, to be decided again; nothing else is given then'),
    direction: z.enum(['outbound', 'inbound']).optional().describe('outbound: from a PBX; inbound: a carrier brings it. outbound unless given'),
    from: user().optional().describe('The user part of From'),
    to: user().optional().describe('What is dialled: the user part of the Request-URI'),
    asserted_identity: user().optional().describe('The user part of P-Asserted-Identity'),
    trunk_id: idIn('trunk').optional().describe('Outbound: the trunk whose password the PBX has given'),
    source_address: z.ipv4().optional().describe('Where the call comes from; without a trunk it is what tells whose call it is'),
    transport: z.enum(['udp', 'tcp', 'tls']).optional().describe('udp unless given'),
    at: z.iso
      .datetime({ offset: true })
      .transform((t) => new Date(t))
      .optional()
      .describe('When it is made, for schedules; now unless given'),
    draw: z.int().min(0).max(2_147_483_647).optional().describe('The dice that share calls among targets of equal priority; 0 unless given'),
    edge: z.string().max(31).optional().describe('The edge that gets the call; the one that carries the tenant’s calls unless given'),
  })
  .superRefine((body, issues) => {
    const refuse = (field: string, message: string) => issues.addIssue({ code: 'custom', path: [field], message });
    if (body.call_id !== undefined) {
      for (const field of Object.keys(body)) if (field !== 'call_id') refuse(field, 'must not be given beside call_id');
      return;
    }
    for (const field of ['from', 'to'] as const) if (body[field] === undefined) refuse(field, 'is required without call_id');
    if (body.direction === 'inbound' && body.trunk_id !== undefined) refuse('trunk_id', 'must not be given inbound: the number tells the trunk');
  })
  .meta({ id: 'NewCallSimulation' }); // prettier-ignore
export type NewCallSimulationBody = z.infer<typeof newCallSimulation>;

const resource = z
  .strictObject({
    type: z.enum(['tenant', 'trunk', 'number']),
    id: z.string().describe('The id; of a number the number itself').meta({ example: '+12025550123' }),
  })
  .nullable();
export const callSimulationOut = z
  .strictObject({
    object: z.literal('call_simulation'),
    action: z.enum(['route', 'reject', 'redirect', 'challenge']),
    code: z.string().nullable().describe('Why it is not carried: the code that the edge gives in its Reason header and its records'),
    sip_code: z.int().nullable().describe('What the edge answers; null when the call is carried'),
    explanation: z
      .strictObject({
        resource: resource.describe('Whose setting decided it'),
        setting: z.string().nullable().describe('Its field, as the API names it'),
        says: z.string(),
      })
      .nullable()
      .describe('Why it is not carried, in words'),
    direction: z.enum(['outbound', 'inbound', 'emergency']).nullable(),
    trunk_id: idOut('trunk').nullable(),
    caller_id: z.string().nullable().describe('The number presented, E.164'),
    attestation: z
      .strictObject({ level: z.enum(['A', 'B', 'C']), reason: z.string().meta({ example: 'number_own' }) })
      .nullable()
      .describe('How far the platform vouches for the caller ID (SHAKEN), and why; null where it does not'),
    destination: z.string().nullable().describe('The number dialled, E.164, or the emergency number'),
    contact: z.string().nullable().describe('Where the edge sends the caller instead'),
    targets: z
      .array(
        z.strictObject({
          kind: z.enum(['uri', 'registered_contact', 'number', 'carrier', 'disaster_recovery']),
          uri: z.string().nullable().describe('Of a carrier only operators see it'),
          carrier_id: idOut('carrier').nullable(),
          trunk_id: idOut('trunk').nullable().describe('Of a registered contact'),
          number: z.string().nullable().describe('The telephone number that it is forwarded to'),
          ring_secs: z.int().nullable().describe('How long it may ring; null: two minutes'),
        }),
      )
      .describe('Where it is tried, in this order'),
    ring_all: z.boolean().describe('All targets ring at once'),
    limits: z
      .strictObject({
        trunk_channels_max: z.int().nullable(),
        trunk_direction_channels_max: z.int().nullable().describe('Calls of the trunk in the direction of this one'),
        tenant_channels_max: z.int().nullable(),
        calls_per_second_max: z.int().nullable(),
        max_call_secs: z.int().nullable(),
      })
      .nullable()
      .describe('What the edge counts it against; a simulation counts nothing'),
    trace: z
      .array(z.strictObject({ rule: z.string(), key: z.string(), found: z.boolean(), says: z.string(), resource }))
      .describe('What was asked, in this order, and what it says about the call'),
    edge: z.strictObject({
      name: z.string().nullable(),
      version: z.int().describe('Of the entries that decided'),
      applied_version: z.int().nullable().describe('The version that the edge has; a lower one: it may still decide otherwise'),
    }),
    replay: z
      .strictObject({
        was: z.strictObject({ outcome: z.enum(['answered', 'failed', 'rejected']), code: z.string().nullable(), sip_code: z.int() }),
        same: z.boolean().describe('Whether it would be decided as it was'),
        differences: z.array(z.strictObject({ field: z.string(), was: z.string().nullable(), now: z.string().nullable() })),
      })
      .nullable()
      .describe('Of a call that was'),
  })
  .meta({ id: 'CallSimulation' });
type Wire = z.infer<typeof callSimulationOut>;

export const imaginedOf = (body: NewCallSimulationBody): ImaginedCall => ({
  direction: body.direction ?? 'outbound',
  from: body.from ?? '',
  to: body.to ?? '',
  assertedIdentity: body.asserted_identity ?? null,
  trunkId: body.trunk_id ?? null,
  sourceAddress: body.source_address ?? null,
  transport: body.transport ?? 'udp',
  draw: body.draw ?? 0,
  at: body.at ?? null,
  edge: body.edge ?? null,
});

/** @param everything an operator asks, who sees carriers, too */
export const simulationToWire = (s: Simulation | Replay, everything: boolean): Wire => {
  const { decision } = s;
  const call = decision.action === 'challenge' ? null : decision.call;
  const refused = decision.action === 'reject' || decision.action === 'redirect' ? decision : null;
  return {
    object: 'call_simulation',
    action: decision.action,
    code: refused?.reason.code ?? null,
    sip_code: decision.action === 'challenge' ? 407 : (refused?.sipCode ?? null),
    explanation: explanationToWire(s.explanation),
    direction: call?.direction ?? null,
    trunk_id: publicTrunk(call?.trunkId ?? null),
    caller_id: call?.callerId ?? null,
    attestation: call?.attestation ?? null,
    destination: call?.destination ?? null,
    contact: decision.action === 'redirect' ? decision.contact : null,
    targets: targetsToWire(decision, everything),
    ring_all: decision.action === 'route' && decision.ringAll === true,
    limits: limitsToWire(decision),
    trace: s.trace.filter((step) => everything || !isCarriers(step)).map((step) => ({ ...step, resource: resourceToWire(step.resource) })),
    edge: { name: s.edge.name || null, version: s.version, applied_version: s.edge.appliedVersion },
    replay: 'was' in s ? replayToWire(s, everything) : null,
  };
};

/** Where carriers are is the platform's own. */
const isCarriers = ({ rule }: TraceStep): boolean => rule === 'health' || rule === 'source';

const publicTrunk = (id: string | null): string | null => id && toPublicId('trunk', id);

const resourceToWire = (r: Explanation['resource']): z.infer<typeof resource> =>
  r && (r.type === 'number' ? r : { type: r.type, id: toPublicId(r.type, r.id) });

const explanationToWire = (e: Explanation | null): Wire['explanation'] => e && { ...e, resource: resourceToWire(e.resource) };

const NOWHERE = { uri: null, carrier_id: null, trunk_id: null, number: null, ring_secs: null };

const targetsToWire = (decision: Decision, everything: boolean): Wire['targets'] => {
  if (decision.action !== 'route') return [];
  const { call, targets, fallback } = decision;
  const listed = targets.map((target) => ({ ...targetToWire(target, call, everything), ring_secs: target.ringSecs ?? null }));
  const spare: Wire['targets'] = fallback === null ? [] : [{ ...NOWHERE, kind: 'disaster_recovery', uri: fallback.uri }];
  const contact: Wire['targets'] = [{ ...NOWHERE, kind: 'registered_contact', trunk_id: publicTrunk(call.trunkId) }];
  return [...(listed.length > 0 ? listed : contact), ...spare];
};

const targetToWire = ({ uri, carrierId, forward }: RouteTarget, call: CallFacts, everything: boolean): Wire['targets'][number] => {
  const carrier = (id: string) => (everything ? { uri, carrier_id: toPublicId('carrier', id) } : {});
  if (forward) return { ...NOWHERE, kind: 'number', number: forward.destination, ...carrier(forward.carrierId) };
  if (call.direction !== 'inbound') return { ...NOWHERE, kind: 'carrier', ...carrier(carrierId) };
  if (uri.startsWith(CONTACT_OF)) return { ...NOWHERE, kind: 'registered_contact', trunk_id: publicTrunk(uri.slice(CONTACT_OF.length)) };
  return { ...NOWHERE, kind: 'uri', uri };
};

const limitsToWire = (decision: Decision): Wire['limits'] =>
  decision.action !== 'route'
    ? null
    : {
        trunk_channels_max: decision.caps?.trunk.max ?? null,
        trunk_direction_channels_max: decision.caps?.direction.max ?? null,
        tenant_channels_max: decision.caps?.tenant.max ?? null,
        calls_per_second_max: decision.rate?.max ?? null,
        max_call_secs: decision.maxCallSecs,
      };

const replayToWire = ({ was, differences }: Replay, everything: boolean): Wire['replay'] => ({
  was: { outcome: was.outcome, code: was.reason, sip_code: was.sipCode },
  same: differences.length === 0,
  differences: differences.map(({ field, was: before, now }) => {
    if (field === 'trunk_id') return { field, was: publicTrunk(before), now: publicTrunk(now) };
    return field === 'target' && !everything ? { field, was: null, now: null } : { field, was: before, now };
  }),
});
