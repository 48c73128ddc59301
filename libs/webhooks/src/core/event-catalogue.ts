import { ID_PREFIXES, snakeKey, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';

/** How a field of an event's data is told: an id by its kind, or a value as it is, with an example of it. */
type Field = { readonly nullable?: true } & (
  { readonly id: IdKind } | { readonly value: 'string' | 'integer' | 'date-time'; readonly example: string | number }
);
/** `data`: the fields that are told, by their name in the code. `resource`: the data is a resource of the API, published as the API shows it. */
type EventDefinition = { readonly summary: string } & (
  { readonly data: Readonly<Record<string, Field>> } | { readonly resource: string; readonly example: object }
);

const id = (kind: IdKind): Field => ({ id: kind });
const text = (example: string): Field => ({ value: 'string', example });
const integer = (example: number): Field => ({ value: 'integer', example });
const time = (example: string): Field => ({ value: 'date-time', example });
const orNull = (field: Field): Field => ({ ...field, nullable: true });

const tenant = { tenantId: id('tenant') };
const member = { memberId: id('member'), role: text('noc') };
const trunk = { trunkId: id('trunk') };
const credential = { credentialId: id('credential'), trunkId: orNull(id('trunk')), credentialListId: orNull(id('credentialList')) };
const testCall = { testCallId: id('testCall'), ...trunk };
const ipList = { ipListId: id('ipList') };
const credentialList = { credentialListId: id('credentialList') };
const revision = integer(2);
const number = { numberId: id('number'), e164: text('+442079460958'), trunkId: orNull(id('trunk')) };
const released = { numberId: id('number'), e164: text('+442079460958') };
const numberOrder = { numberOrderId: id('numberOrder') };
const channelGroup = { channelGroupId: id('channelGroup') };
const inboundGroup = { inboundGroupId: id('inboundGroup') };
const inboundSchedule = { inboundScheduleId: id('inboundSchedule') };
const bundle = { regulatoryBundleId: id('regulatoryBundle') };
const verifiedNumber = { verifiedNumberId: id('verifiedNumber'), e164: text('+442079460958') };
const emergencyAddress = { emergencyAddressId: id('emergencyAddress') };
const numberEmergency = { numberId: id('number') };
const portOrder = {
  portOrderId: id('portOrder'),
  portProjectId: id('portProject'),
  state: text('foc_confirmed'),
  focAt: orNull(time('2026-12-08T15:00:00.000Z')),
};
const portOut = {
  portOutId: id('portOut'),
  state: text('pending_tenant'),
  winningCarrier: text('Valley Telephone'),
  decidedBy: orNull(text('silence')),
  reason: orNull(text('PIN_INVALID')),
  answerBy: orNull(time('2026-12-08T13:00:00.000Z')),
  focAt: orNull(time('2026-12-09T15:00:00.000Z')),
};
const invoice = { invoiceId: id('invoice') };
const creditNote = { creditNoteId: id('creditNote'), ...invoice };
const topUp = { topUpId: id('topUp') };
const refund = { refundId: id('refund') };
const dispute = { disputeId: id('dispute'), invoiceId: orNull(id('invoice')), topUpId: orNull(id('topUp')) };
const callExport = { callExportId: id('callExport') };
const apiKey = { apiKeyId: id('apiKey') };
const endpoint = { webhookEndpointId: id('webhookEndpoint') };
const call = {
  resource: 'Call',
  example: {
    id: 'cdr_01kaq8x4s7fyz8m2q0w3e5r6t7',
    object: 'call',
    direction: 'outbound',
    outcome: 'answered',
    from: '+442079460958',
    to: '12025550199',
    caller_id: '+442079460958',
    destination: '+12025550199',
    trunk_id: 'trk_01kaq8x4s7fyz8m2q0w3e5r6t7',
    started_at: '2026-11-23T10:15:00.000Z',
    answered_at: '2026-11-23T10:15:04.000Z',
    ended_at: '2026-11-23T10:16:05.000Z',
    duration_secs: 61,
    billed_secs: 66,
    sip_code: 200,
    reason: null,
    hangup_by: 'callee',
    attempts: [],
    attestation: 'A',
    estimated: false,
    channel_kind: 'trunk',
    channel_pool_id: null,
    masked: false,
    rating: { state: 'rated', amount: { amount: '0.00935', currency: 'USD' } },
  },
} as const;

/**
 * Every event that customers hear of. A field that is not named here is not told, whatever is published. An event that is published and
 * named neither here nor in INTERNAL_EVENTS fails the suite.
 */
export const EVENTS = {
  'tenant.created': { summary: 'The tenant was created', data: tenant },
  'tenant.updated': {
    summary: 'The tenant’s name or its cap was changed',
    data: { ...tenant, name: text('Acme'), channelsMax: orNull(integer(30)) },
  },
  'tenant.held': {
    summary: 'A hold was placed, or changed: what it stops is refused, all calls or those that the tenant places, but for emergency calls',
    data: { ...tenant, kind: text('billing'), stops: text('outbound') },
  },
  'tenant.hold_lifted': { summary: 'A hold was lifted', data: { ...tenant, kind: text('billing') } },
  'tenant.home_moved': {
    summary: 'Another edge carries the calls: register and send them there',
    data: { ...tenant, edge: text('edge-2'), sipAddress: text('198.51.100.7:5060'), cause: text('lost') },
  },
  'kyc.submitted': { summary: 'The file was handed to the operator', data: tenant },
  'kyc.approved': { summary: 'The tenant is verified', data: { ...tenant, verifiedUntil: time('2027-11-23T10:15:00.000Z') } },
  'kyc.rejected': {
    summary: 'The file was rejected; a verification it had is over',
    data: { ...tenant, reason: text('The name is not that of the register') },
  },
  'kyc.information_requested': {
    summary: 'The operator asks for more',
    data: { ...tenant, reason: text('The name is not that of the register') },
  },
  'kyc.reopened': { summary: 'A rejected file may begin anew', data: tenant },
  'kyc.expired': { summary: 'The verification is over; submit the file again', data: tenant },
  'tenant.calls_rated': { summary: 'Calls that waited for a price have one, and are charged', data: { ...tenant, calls: integer(12) } },
  'api_key.created': { summary: 'An API key was made', data: { ...apiKey, name: text('Provisioning') } },
  'api_key.updated': { summary: 'What an API key may do, from where or until when is another', data: apiKey },
  'api_key.rotated': {
    summary: 'An API key has a new secret',
    data: { ...apiKey, oldValidUntil: orNull(time('2026-11-24T10:00:00.000Z')) },
  },
  'api_key.revoked': { summary: 'An API key is refused from now on', data: apiKey },
  'invitation.created': { summary: 'Somebody was invited', data: { invitationId: id('invitation'), role: text('noc') } },
  'invitation.revoked': { summary: 'An invitation is worth nothing any more', data: { invitationId: id('invitation') } },
  'member.added': { summary: 'Somebody became a member', data: member },
  'member.updated': { summary: 'A member has another role, was stopped or may act again', data: member },
  'member.second_factor_reset': { summary: 'A member’s second factor was taken away, and their sessions ended', data: member },
  'member.removed': { summary: 'A member was removed', data: member },
  'sso_connection.changed': { summary: 'The identity provider that signs members in is another, or none', data: {} },
  'plan.assigned': { summary: 'A plan applies from a day on', data: { planId: id('plan'), from: time('2026-12-01T00:00:00.000Z') } },
  'trunk.created': { summary: 'A trunk was created', data: trunk },
  'trunk.updated': { summary: 'A trunk was changed', data: { ...trunk, revision } },
  'trunk.deleted': { summary: 'A trunk was deleted', data: trunk },
  'ip_list.created': { summary: 'A list of addresses was created', data: ipList },
  'ip_list.updated': { summary: 'A list of addresses was changed, for every trunk that uses it', data: { ...ipList, revision } },
  'ip_list.deleted': { summary: 'A list of addresses was deleted', data: ipList },
  'credential_list.created': { summary: 'A list of digest users was created', data: credentialList },
  'credential_list.updated': { summary: 'A list of digest users was renamed', data: { ...credentialList, revision } },
  'credential_list.deleted': { summary: 'A list of digest users was deleted, with them', data: credentialList },
  'registrar.set': { summary: 'An edge is to register a trunk at a PBX or a carrier', data: trunk },
  'registrar.removed': { summary: 'A trunk is to be registered nowhere any more', data: trunk },
  'test_call.created': { summary: 'A test call waits for its edge', data: testCall },
  'test_call.completed': {
    summary: 'A test call is over: this came of it',
    data: { ...testCall, sipCode: integer(200) },
  },
  'test_call.failed': { summary: 'No edge placed a test call', data: testCall },
  'credential.created': { summary: 'A digest user of a trunk or a list was made', data: credential },
  'credential.rotated': {
    summary: 'A digest user has a new password',
    data: { ...credential, oldValidUntil: orNull(time('2026-11-24T10:00:00.000Z')) },
  },
  'credential.revoked': { summary: 'A digest user is refused from now on', data: credential },
  'number.ordered': { summary: 'A number was ordered', data: number },
  'number.assigned': { summary: 'A number points at a trunk, or at another one', data: { ...number, revision } },
  'number.unassigned': { summary: 'A number points at no trunk any more', data: { ...number, revision } },
  'number.updated': { summary: 'A number was changed', data: { ...number, revision } },
  'number.released': { summary: 'A number was given back', data: { ...released, quarantinedUntil: time('2027-01-10T10:00:00.000Z') } },
  'number.restored': { summary: 'A number that was released is the tenant’s again', data: { ...released, revision } },
  'number.suspended': { summary: 'A number was taken out of service by the operator', data: { ...released, revision } },
  'number.reinstated': { summary: 'A number was put back into service', data: { ...released, revision } },
  'number.transferred_out': { summary: 'A number went to another tenant', data: released },
  'number.transferred_in': { summary: 'A number came from another tenant', data: released },
  'number_job.completed': {
    summary: 'A change of many numbers is done',
    data: { numberJobId: id('numberJob'), succeeded: integer(9_998), failed: integer(2) },
  },
  'number_order.created': { summary: 'Numbers were ordered', data: { ...numberOrder, quantity: integer(10) } },
  'number_order.number_failed': {
    summary: 'A number of an order could not be had',
    data: { ...numberOrder, e164: orNull(text('+442079460958')), code: text('number.not_available') },
  },
  'number_order.number_waiting': {
    summary: 'A number of an order waits for papers',
    data: { ...numberOrder, e164: text('+442079460958'), code: text('regulatory.bundle_missing') },
  },
  'number_order.updated': { summary: 'An order has other papers', data: { ...numberOrder, regulatoryBundleId: id('regulatoryBundle') } },
  'number_order.completed': {
    summary: 'The last number of an order has succeeded or failed',
    data: { ...numberOrder, state: text('partially_succeeded'), succeeded: integer(9), failed: integer(1) },
  },
  'number_order.cancelled': { summary: 'What was not asked for yet of an order was given up', data: numberOrder },
  'channel_pool.resized': {
    summary: 'Channels of an offer were ordered or given back: the tenant holds so many',
    data: { channelPoolId: id('channelPool'), channelOrderId: id('channelOrder'), channels: integer(30), revision },
  },
  'channel_group.created': { summary: 'A channel group was created', data: channelGroup },
  'channel_group.updated': { summary: 'A channel group was changed', data: { ...channelGroup, revision } },
  'channel_group.deleted': { summary: 'A channel group was deleted', data: channelGroup },
  'number.channels_changed': {
    summary: 'A number has other channels, another group or other caps',
    data: { ...released, dedicatedChannels: integer(2), revision },
  },
  'trunk.channels_changed': {
    summary: 'Channels of pools carry the trunk’s calls, or its own again',
    data: { ...trunk, channelGroupId: orNull(id('channelGroup')), revision },
  },
  'trunk.provisioned': { summary: 'Every edge at work has the trunk as it is, its credentials, too', data: { ...trunk, revision } },
  'number.provisioned': {
    summary: 'Every edge at work has the number as it is',
    data: { numberId: id('number'), e164: text('+442079460958'), revision },
  },
  'channel_pool.provisioned': {
    summary: 'Every edge at work has the pool as it is: so many channels carry calls',
    data: { channelPoolId: id('channelPool'), channels: integer(30), revision },
  },
  'channel_group.provisioned': { summary: 'Every edge at work has the channel group as it is', data: { ...channelGroup, revision } },
  'inbound_group.provisioned': { summary: 'Every edge at work has the group as it is', data: { ...inboundGroup, revision } },
  'inbound_schedule.provisioned': { summary: 'Every edge at work has the schedule as it is', data: { ...inboundSchedule, revision } },
  'disaster_plan.provisioned': { summary: 'Every edge at work has the disaster plan as it is', data: { ...inboundGroup, revision } },
  'number.rerouted': { summary: 'Another group or schedule takes the calls of a number, or none', data: { ...number, revision } },
  'inbound_group.created': { summary: 'An inbound group was created', data: inboundGroup },
  'inbound_group.updated': { summary: 'An inbound group was changed', data: { ...inboundGroup, revision } },
  'inbound_group.deleted': { summary: 'An inbound group was deleted', data: inboundGroup },
  'inbound_schedule.created': { summary: 'An inbound schedule was created', data: inboundSchedule },
  'inbound_schedule.updated': { summary: 'An inbound schedule was changed', data: { ...inboundSchedule, revision } },
  'inbound_schedule.deleted': { summary: 'An inbound schedule was deleted', data: inboundSchedule },
  'disaster_plan.updated': { summary: 'The disaster plan names another group', data: { ...inboundGroup, revision } },
  'disaster_plan.activated': { summary: 'All inbound calls go where the disaster plan says', data: { ...inboundGroup, revision } },
  'disaster_plan.deactivated': {
    summary: 'Inbound calls go where they went before the disaster plan',
    data: { ...inboundGroup, revision },
  },
  'regulatory_bundle.created': { summary: 'A regulatory bundle was begun', data: bundle },
  'regulatory_bundle.updated': { summary: 'What a regulatory bundle holds was changed', data: bundle },
  'regulatory_bundle.submitted': { summary: 'A regulatory bundle was handed to the operator', data: bundle },
  'regulatory_bundle.approved': {
    summary: 'Numbers can be ordered with a regulatory bundle',
    data: { ...bundle, validUntil: orNull(time('2027-11-26T00:00:00.000Z')) },
  },
  'regulatory_bundle.rejected': { summary: 'A regulatory bundle was rejected', data: { ...bundle, reason: text('The bill is too old') } },
  'regulatory_bundle.expiring': {
    summary: 'The approval of a regulatory bundle ends in 60, 30 or 7 days',
    data: { ...bundle, validUntil: time('2027-01-25T00:00:00.000Z'), days: integer(60) },
  },
  'regulatory_bundle.expired': {
    summary: 'The approval of a regulatory bundle is over; numbers that were ordered with it stay',
    data: bundle,
  },
  'verified_number.started': {
    summary: 'A number is to be verified: a code is on its way, or papers wait for the operator',
    data: verifiedNumber,
  },
  'verified_number.verified': {
    summary: 'The number may be presented by trunks that pass verified ones',
    data: { ...verifiedNumber, right: text('verified'), expiresAt: time('2027-11-23T10:15:00.000Z') },
  },
  'verified_number.rejected': {
    summary: 'The operator did not believe the papers',
    data: { ...verifiedNumber, reason: text('The letter is not signed') },
  },
  'verified_number.expired': { summary: 'The proof is over: verify the number again', data: verifiedNumber },
  'verified_number.revoked': { summary: 'The number may not be presented any more', data: verifiedNumber },
  'caller_name.changed': {
    summary: 'The name that networks show beside a number is on its way, shown, rejected or gone',
    data: { numberId: id('number'), state: text('active'), reason: orNull(text('The name is not that of the business')) },
  },
  'emergency_address.created': {
    summary: 'An emergency address was named; the provider is asked whether there is one',
    data: emergencyAddress,
  },
  'emergency_address.validated': {
    summary: 'The provider said whether there is such an address',
    data: { ...emergencyAddress, state: text('valid'), reason: orNull(text('There is no such house in the street')) },
  },
  'emergency_address.deleted': { summary: 'An emergency address was deleted', data: emergencyAddress },
  'emergency_registration.changed': {
    summary: 'Where a number calls for help from is on its way, registered, refused or gone',
    data: { ...numberEmergency, state: text('active'), reason: orNull(text('No public safety answering point serves the address')) },
  },
  'emergency_waiver.signed': { summary: 'The tenant says that it knows that a number has no emergency address', data: numberEmergency },
  'emergency_waiver.withdrawn': { summary: 'That word was taken back', data: numberEmergency },
  'emergency_contacts.changed': { summary: 'Others are told when somebody calls for help', data: { count: integer(2) } },
  'emergency_call.placed': {
    summary: 'Somebody calls for help: told when the call is answered, or when the attempt ended',
    data: {
      callId: id('cdr'),
      trunkId: orNull(id('trunk')),
      callerId: orNull(text('+12025550199')),
      destination: text('911'),
      startedAt: time('2026-11-23T10:15:00.000Z'),
    },
  },
  'number.ported_in': { summary: 'A number came from another carrier', data: number },
  'number.ported_back': { summary: 'A number went back to the carrier it came from', data: released },
  'number.ported_out': { summary: 'A number left for another carrier', data: released },
  'number.won_back': { summary: 'A number that had left is back, and points at no trunk', data: number },
  'number.port_out_protected': { summary: 'What keeps a number from leaving was changed', data: released },
  'port_out_policy.changed': { summary: 'What requests of other carriers are answered by was changed', data: {} },
  'port_out.pending_tenant': { summary: 'Port-out: another carrier asks for numbers; silence until `answer_by` is a yes', data: portOut },
  'port_out.rejected': { summary: 'Port-out: a request for numbers was refused', data: portOut },
  'port_out.authorized': { summary: 'Port-out: numbers may leave', data: portOut },
  'port_out.refused_by_carrier': {
    summary: 'Port-out: the carrier did not take the answer, or the dispute; `reason` has its words',
    data: portOut,
  },
  'port_out.foc_scheduled': { summary: 'Port-out: the date on which numbers leave is firm, or another one is', data: portOut },
  'port_out.completed': { summary: 'Port-out: numbers have left', data: portOut },
  'port_out.cancelled': { summary: 'Port-out: the other carrier does not want the numbers any more', data: portOut },
  'port_out.disputed': { summary: 'Port-out: numbers that left are asked back', data: portOut },
  'port_out.reversing': { summary: 'Port-out: the carrier looks into the dispute', data: portOut },
  'port_out.restored': { summary: 'Port-out: numbers that had left are back', data: portOut },
  'port_out.upheld': { summary: 'Port-out: numbers that left stay where they are', data: portOut },
  'port_project.created': { summary: 'A port was drafted', data: { portProjectId: id('portProject') } },
  'port_project.submitted': { summary: 'All orders of a port were submitted', data: { portProjectId: id('portProject') } },
  'port_order.draft': { summary: 'Port order: numbers of it cannot be ported: it is a draft again', data: portOrder },
  'port_order.validating': { summary: 'Port order: the carrier is asked whether its numbers can be ported', data: portOrder },
  'port_order.incomplete': { summary: 'Port order: something is missing before it can be submitted', data: portOrder },
  'port_order.ready': { summary: 'Port order: it can be submitted', data: portOrder },
  'port_order.in_review': { summary: 'Port order: the operator looks at it first', data: portOrder },
  'port_order.submitting': { summary: 'Port order: it is on its way to the carrier', data: portOrder },
  'port_order.submitted': { summary: 'Port order: the carrier has it', data: portOrder },
  'port_order.supplementing': { summary: 'Port order: what was corrected is on its way to the carrier', data: portOrder },
  'port_order.exception': { summary: 'Port order: the carrier refused it, or did not do what it said', data: portOrder },
  'port_order.foc_confirmed': { summary: 'Port order: the date is firm, or another one is', data: portOrder },
  'port_order.activating': { summary: 'Port order: its numbers are on their way', data: portOrder },
  'port_order.partially_activated': { summary: 'Port order: some of its numbers are here', data: portOrder },
  'port_order.completed': { summary: 'Port order: its numbers are here', data: portOrder },
  'port_order.cancel_requested': { summary: 'Port order: the carrier is asked to cancel it', data: portOrder },
  'port_order.cancelled': { summary: 'Port order: it was cancelled', data: portOrder },
  'port_order.expired': { summary: 'Port order: nobody did anything about it for too long', data: portOrder },
  'port_order.not_portable': { summary: 'Port order: none of its numbers can be ported', data: portOrder },
  'port_order.reversing': { summary: 'Port order: the carrier is asked to take its numbers back', data: portOrder },
  'port_order.reversed': { summary: 'Port order: its numbers went back', data: portOrder },
  'port_order.reminded': { summary: 'Port order: it still waits for the tenant', data: portOrder },
  'port_document.added': {
    summary: 'A document of a port order is there, or its letter of authority is signed',
    data: { portDocumentId: id('portDocument'), portOrderId: id('portOrder'), kind: text('bill') },
  },
  'port_note.added': {
    summary: 'Somebody said something about a port: the tenant, the operator or the carrier',
    data: {
      portNoteId: id('portNote'),
      portOrderId: orNull(id('portOrder')),
      portOutId: orNull(id('portOut')),
      side: text('carrier'),
    },
  },
  'port_order.escalated': {
    summary: 'Port order: the other side takes longer than it may, or says what nobody understands',
    data: portOrder,
  },
  'port_order.left_undone': {
    summary: 'Port order: a number came without its emergency address or name; see the history',
    data: portOrder,
  },
  'port_order.record_told': {
    summary: 'Port order: the losing carrier told what it has on record of the account',
    data: portOrder,
  },
  'port_order.messaging_changed': {
    summary: 'Port order: messages follow the calls, or do not; see `messaging` of the order',
    data: portOrder,
  },
  'call.completed': { summary: 'A call ended, was not answered or was refused, and is stored', ...call },
  'call.corrected': { summary: 'A stored call was replaced by a later record of it, and charged anew', ...call },
  'call_export.completed': { summary: 'The file of an export can be downloaded', data: { ...callExport, rowCount: integer(1204) } },
  'call_export.failed': { summary: 'The file of an export could not be made', data: callExport },
  'call_settings.changed': {
    summary: 'Calls are kept, and their numbers whole, for another time; null: as the platform does',
    data: { maskedAfterDays: orNull(integer(30)), retentionDays: orNull(integer(365)) },
  },
  'invoice.issued': { summary: 'A month was closed into an invoice', data: invoice },
  'invoice.paid': { summary: 'An invoice was paid', data: invoice },
  'invoice.payment_failed': { summary: 'A payment of an invoice failed', data: invoice },
  'invoice.void': { summary: 'An invoice is void', data: invoice },
  'invoice.uncollectible': { summary: 'Nobody expects the money of an invoice any more', data: invoice },
  'credit_note.issued': { summary: 'A credit note takes back a part of an invoice', data: creditNote },
  'credit_note.voided': { summary: 'A credit note was taken back: its amount is owed again', data: creditNote },
  'balance.low': { summary: 'A prepaid balance has come down to its mark, or is used up', data: tenant },
  'billing_mode.changed': { summary: 'Calls are paid ahead from now on, or after the month', data: { mode: text('prepaid') } },
  'auto_top_up.changed': { summary: 'The settings of automatic top-ups changed', data: {} },
  'top_up.succeeded': { summary: 'A top-up was paid and is on the balance', data: topUp },
  'top_up.failed': { summary: 'The card of a top-up was declined', data: topUp },
  'top_up.requires_action': { summary: 'The bank wants the card holder to confirm a top-up', data: topUp },
  'refund.succeeded': { summary: 'Money went back', data: refund },
  'refund.failed': { summary: 'Money could not be sent back', data: refund },
  'dispute.inquiry': { summary: 'A bank asks about a payment; nothing is taken yet', data: dispute },
  'dispute.open': { summary: 'The card holder disputes a payment', data: dispute },
  'dispute.won': { summary: 'A dispute was decided for us: the money is back', data: dispute },
  'dispute.lost': { summary: 'A dispute was decided against us', data: dispute },
  'payment_method.changed': { summary: 'Another payment method is charged', data: {} },
  'webhook_endpoint.created': { summary: 'A webhook endpoint was made', data: endpoint },
  'webhook_endpoint.updated': { summary: 'A webhook endpoint was changed', data: endpoint },
  'webhook_endpoint.secret_rotated': { summary: 'A webhook endpoint has a new secret and key', data: endpoint },
  'webhook_endpoint.enabled': { summary: 'Events are sent to a webhook endpoint again', data: endpoint },
  'webhook_endpoint.deleted': { summary: 'A webhook endpoint was deleted', data: endpoint },
  'webhook_endpoint.disabled': {
    summary: 'Nothing is sent to a webhook endpoint any more: it was asked for, or its answers are why',
    data: { ...endpoint, reason: text('failing') },
  },
  'webhook.ping': { summary: 'A test, sent when asked for', data: endpoint },
} as const satisfies Readonly<Record<string, EventDefinition>>;

export type EventType = keyof typeof EVENTS;
export const EVENT_TYPES = Object.keys(EVENTS) as EventType[];
export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENTS, text);

/** Events between parts of the platform, and those that are the operator's alone. */
export const INTERNAL_EVENTS = [
  ...['deck.version_published', 'payment_event.received', 'call_export.requested'],
  ...['number_import.requested', 'number_job.requested', 'number_return.requested', 'number_supplier.heard'],
  'verified_number.code_requested',
  ...['top_up.requested', 'refund.requested', 'reconciliation.difference_found'],
  ...[
    'port_order.carrier_due',
    'port_note.mentioned',
    'port_note.carrier_due',
    'carrier_port_event.received',
    'port_out.carrier_due',
    'carrier_port_out.changed',
  ],
  ...['edge.lost', 'edge.recovered', 'edge.drained', 'edge.drifted', 'edge.sweep_blocked'],
] as const;

const told = (field: Field, value: unknown): unknown =>
  'id' in field && typeof value === 'string' ? toPublicId(field.id, value) : (value ?? null);

/** An event's data as customers see it. */
export const eventData = (type: EventType, published: object): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return published;
  const values = published as Record<string, unknown>;
  return Object.fromEntries(Object.entries(definition.data).map(([key, field]) => [snakeKey(key), told(field, values[key])]));
};

/** An event's data as it may look. */
export const eventExample = (type: EventType): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return definition.example;
  return Object.fromEntries(Object.entries(definition.data).map(([key, field]) => [snakeKey(key), exampleOf(field)]));
};

const exampleOf = (field: Field): unknown => ('id' in field ? `${ID_PREFIXES[field.id]}_01kaq8x4s7fyz8m2q0w3e5r6t7` : field.example);

/** The JSON Schema of an event's data. */
export const eventDataSchema = (type: EventType): object => {
  const definition: EventDefinition = EVENTS[type];
  if ('resource' in definition) return { $ref: `#/components/schemas/${definition.resource}` };
  const properties = Object.entries(definition.data).map(([key, field]) => [snakeKey(key), schemaOf(field)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([key]) => key),
    additionalProperties: false,
  };
};

const schemaOf = (field: Field): object => {
  const type = 'value' in field && field.value === 'integer' ? 'integer' : 'string';
  return {
    type: field.nullable ? [type, 'null'] : type,
    ...('id' in field && { pattern: `^${ID_PREFIXES[field.id]}_`, description: `The id of a ${snakeKey(field.id).replaceAll('_', ' ')}` }),
    ...('value' in field && field.value === 'date-time' && { format: 'date-time' }),
  };
};
