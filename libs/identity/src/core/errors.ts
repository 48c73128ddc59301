import { defineErrors } from '@trunkline/kernel';

export const identityErrors = defineErrors({
  numberTaken: { code: 'verified_number.exists', kind: 'conflict', title: 'You verified the number already, or are about to' },
  notPending: { code: 'verified_number.not_pending', kind: 'conflict', title: 'The number waits for no code' },
  notInReview: { code: 'verified_number.not_in_review', kind: 'conflict', title: 'The number waits for no answer' },
  notVerified: { code: 'verified_number.not_revocable', kind: 'conflict', title: 'The number is not verified, nor about to be' },
  nameNotHere: { code: 'caller_name.not_here', kind: 'conflict', title: 'Names are shown beside numbers of North America alone' },
  nameBusy: { code: 'caller_name.busy', kind: 'conflict', title: 'A change of the name is on its way' },
  codeWrong: { code: 'verified_number.code_wrong', kind: 'invalid', title: 'The code is not the one that was sent' },
  codeSpent: {
    code: 'verified_number.code_spent',
    kind: 'conflict',
    title: 'The code is too old, or was tried too often: ask for another',
  },
  tooSoon: { code: 'verified_number.too_soon', kind: 'rate_limited', title: 'A code was sent just now' },
  tooManyCodes: {
    code: 'verified_number.too_many_codes',
    kind: 'rate_limited',
    title: 'So many codes were sent that there will be no more',
  },
});
