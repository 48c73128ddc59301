import { id, integer, orNull, text, time } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const tenant = { tenantId: id('tenant') };
const member = { memberId: id('member'), role: text('noc') };
const apiKey = { apiKeyId: id('apiKey') };

/** Of a tenant, its standing, and who may act for it. */
export const tenantEvents = {
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
} as const satisfies EventDefinitions;
