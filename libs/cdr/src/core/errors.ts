import { defineErrors } from '@trunkline/kernel';

export const cdrErrors = defineErrors({
  issueResolved: { code: 'cdr_issue.already_resolved', kind: 'conflict', title: 'Something else was done about this line before' },
  issueKind: { code: 'cdr_issue.wrong_kind', kind: 'conflict', title: 'That cannot be done about a line of this kind' },
  stillFaulty: { code: 'cdr_issue.still_faulty', kind: 'conflict', title: 'The line still cannot become a call' },
  callGone: { code: 'cdr_issue.call_gone', kind: 'conflict', title: 'The call that the line contradicts is not kept any more' },
  notWaiting: { code: 'call.not_unrated', kind: 'conflict', title: 'The call does not wait for a rate' },
  exportNotReady: {
    code: 'call_export.not_ready',
    kind: 'conflict',
    title: 'The export has no file: it is not completed, failed, or expired',
  },
  tooManyExports: {
    code: 'call_export.too_many',
    kind: 'conflict',
    title: 'As many exports as allowed are waiting; try again when one is completed',
  },
});
