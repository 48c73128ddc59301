import { defineErrors } from '@trunkline/kernel';

export const ratingErrors = defineErrors({
  deckInvalid: { code: 'rating.deck_invalid', kind: 'invalid', title: 'The rate deck has faults; nothing was imported' },
  deckNameTaken: { code: 'rating.deck_name_taken', kind: 'conflict', title: 'Another deck has this name' },
  planInvalid: { code: 'rating.plan_invalid', kind: 'invalid', title: 'The plan is not valid' },
  planNameTaken: { code: 'rating.plan_name_taken', kind: 'conflict', title: 'Another plan has this name' },
  alreadyAssigned: { code: 'rating.already_assigned', kind: 'conflict', title: 'The tenant has another plan from that very instant' },
});
