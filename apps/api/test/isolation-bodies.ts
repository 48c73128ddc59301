import { newId, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';
import type { Call } from './harness.ts';
import type { Victim } from './victim.ts';

type BodyCase = (
  victim: Victim,
  stranger: Call,
) => Promise<{ readonly method: 'POST' | 'PATCH' | 'PUT'; readonly url: string; readonly foreign: unknown; readonly missing: unknown }>;

/** An id of something that never was. */
export const missing = (kind: IdKind): string => toPublicId(kind, newId());

/** Ids inside bodies: pointing at another tenant's resource must look like pointing at none. */
export const bodies: Record<string, BodyCase> = {
  createTenant: async (v) => {
    const body = (parent_id: string) => ({ name: 'Planted', country: 'US', currency: 'USD', parent_id });
    return { method: 'POST', url: '/v1/tenants', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  assignPlan: async (v) => {
    const body = (tenant_id: string) => ({ tenant_id, plan_id: v.plan });
    return { method: 'POST', url: '/v1/plan-assignments', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  allowResale: async (v) => {
    const body = (tenant_id: string) => ({ tenant_id, plan_id: v.plan });
    return { method: 'POST', url: '/v1/resale-plans', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  createTrunk: async (v) => {
    const body = (ip_list_id: string, credential_list_id: string) => ({
      ...{ name: 'planted', country: 'US', channels_max: 1 },
      ...{ ip_list_ids: [ip_list_id], credential_list_ids: [credential_list_id] },
    });
    const none = body(missing('ipList'), missing('credentialList'));
    return { method: 'POST', url: '/v1/trunks', foreign: body(v.ipList, v.credentialList), missing: none };
  },
  updateTrunk: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/trunks', { name: 'own', country: 'US', channels_max: 1 });
    const body = (id: string) => ({ credential_list_ids: [id] });
    return { method: 'PATCH', url: `/v1/trunks/${own.id}`, foreign: body(v.credentialList), missing: body(missing('credentialList')) };
  },
  orderNumber: async (v) => {
    const body = (trunk_id: string) => ({ number: '+12025550143', trunk_id });
    return { method: 'POST', url: '/v1/numbers', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createNumberOrder: async (v) => {
    const body = (trunk_id: string) => ({ numbers: ['+12025550143'], trunk_id });
    return { method: 'POST', url: '/v1/number-orders', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createChannelGroup: async (v) => {
    const body = (pool_id: string) => ({ pool_id, name: 'Strange', shared_channels: 0 });
    return { method: 'POST', url: '/v1/channel-groups', foreign: body(v.channelPool), missing: body(missing('channelPool')) };
  },
  updateTrunkChannels: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/trunks', { name: 'Strange', country: 'US', channels_max: 1 });
    const body = (group_id: string) => ({ group_id });
    return { method: 'PATCH', url: `/v1/trunks/${own.id}/channels`, foreign: body(v.channelGroup), missing: body(missing('channelGroup')) };
  },
  createInboundGroup: async (v) => {
    const body = (trunk_id: string) => ({ name: 'planted', targets: [{ trunk_id }] });
    return { method: 'POST', url: '/v1/inbound-groups', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createInboundSchedule: async (v) => {
    const body = (otherwise_group_id: string) => ({ name: 'planted', time_zone: 'UTC', otherwise_group_id });
    return { method: 'POST', url: '/v1/inbound-schedules', foreign: body(v.inboundGroup), missing: body(missing('inboundGroup')) };
  },
  setDisasterPlan: async (v) => {
    const body = (inbound_group_id: string) => ({ inbound_group_id });
    return { method: 'PUT', url: '/v1/disaster-plan', foreign: body(v.inboundGroup), missing: body(missing('inboundGroup')) };
  },
  simulateCall: async (v) => {
    const body = (trunk_id: string) => ({ trunk_id, from: '100', to: '200' });
    return { method: 'POST', url: '/v1/call-simulations', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  startVerification: async (v) => {
    const body = (document_id: string) => ({ number: '+13105550143', method: 'document', document_id });
    return { method: 'POST', url: '/v1/verified-numbers', foreign: body(v.kycDocument), missing: body(missing('kycDocument')) };
  },
  createPortProject: async (v) => {
    const body = (trunk_id: string) => ({ numbers: ['+12025550188'], trunk_id });
    return { method: 'POST', url: '/v1/port-projects', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  updateNumber: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/numbers', { number: '+12025550143' });
    return { method: 'PATCH', url: `/v1/numbers/${own.id}`, foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } };
  },
};
