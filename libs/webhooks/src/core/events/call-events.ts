import { id, integer, orNull } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const callExport = { callExportId: id('callExport') };
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

/** Of calls, and files of them. */
export const callEvents = {
  'call.completed': { summary: 'A call ended, was not answered or was refused, and is stored', ...call },
  'call.corrected': { summary: 'A stored call was replaced by a later record of it, and charged anew', ...call },
  'call_export.completed': { summary: 'The file of an export can be downloaded', data: { ...callExport, rowCount: integer(1204) } },
  'call_export.failed': { summary: 'The file of an export could not be made', data: callExport },
  'call_settings.changed': {
    summary: 'Calls are kept, and their numbers whole, for another time; null: as the platform does',
    data: { maskedAfterDays: orNull(integer(30)), retentionDays: orNull(integer(365)) },
  },
} as const satisfies EventDefinitions;
