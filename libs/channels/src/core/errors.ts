import { defineErrors } from '@trunkline/kernel';

export const channelErrors = defineErrors({
  offerNameTaken: { code: 'channel_offer.name_taken', kind: 'conflict', title: 'Another offer has this name' },
  assigned: {
    code: 'channel_pool.assigned',
    kind: 'conflict',
    title: 'Channels that are assigned cannot be released: take them from the numbers and groups that have them first',
  },
  used: {
    code: 'channel_pool.used_up',
    kind: 'conflict',
    title: 'The pool has not as many channels free: order some, or take them from others',
  },
  groupNameTaken: { code: 'channel_group.name_taken', kind: 'conflict', title: 'Another channel group of the tenant has this name' },
  groupInUse: { code: 'channel_group.in_use', kind: 'conflict', title: 'Numbers or trunks are still in the channel group' },
});
