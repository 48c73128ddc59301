import type { CallFacts, Reject } from './call.ts';
import { sipCodeOf } from './reject-reasons.ts';
import type { RejectReason } from './reject-reasons.ts';

export const reject = (reason: RejectReason, call: CallFacts): Reject => ({
  action: 'reject',
  reason,
  sipCode: sipCodeOf(reason, call.direction === 'inbound'),
  call,
});
