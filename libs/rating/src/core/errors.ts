import { defineErrors } from '@trunkline/kernel';

export const ratingErrors = defineErrors({
  deckInvalid: { code: 'rating.deck_invalid', kind: 'invalid', title: 'The rate deck has faults; nothing was imported' },
  planInvalid: { code: 'rating.plan_invalid', kind: 'invalid', title: 'The plan is not valid' },
});
