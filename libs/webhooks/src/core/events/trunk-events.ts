import { id, integer, orNull, time } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const trunk = { trunkId: id('trunk') };
const credential = { credentialId: id('credential'), trunkId: orNull(id('trunk')), credentialListId: orNull(id('credentialList')) };
const testCall = { testCallId: id('testCall'), ...trunk };
const ipList = { ipListId: id('ipList') };
const credentialList = { credentialListId: id('credentialList') };
const revision = integer(2);

/** Of trunks, the lists they use, and their digest users. */
export const trunkEvents = {
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
} as const satisfies EventDefinitions;
