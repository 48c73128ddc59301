import { defineErrors } from '@trunkline/kernel';

export const portOutErrors = defineErrors({
  decided: { code: 'port_out.decided', kind: 'conflict', title: 'The request is decided already' },
  deadlinePassed: { code: 'port_out.deadline_passed', kind: 'conflict', title: 'Silence has authorized the request' },
  reasonRefuted: { code: 'port_out.reason_refuted', kind: 'conflict', title: 'What is known of the request says otherwise' },
  notRehearsable: { code: 'port_out.not_rehearsable', kind: 'conflict', title: 'The emulated carrier does not do that with the request' },
  notDisputed: { code: 'port_out.not_disputed', kind: 'conflict', title: 'There is no dispute of the request that could end' },
  notDisputable: { code: 'port_out.not_disputable', kind: 'conflict', title: 'The number has not left, or left too long ago' },
});
