import { defineErrors } from '@trunkline/kernel';

export const numberErrors = defineErrors({
  notAvailable: { code: 'number.not_available', kind: 'conflict', title: 'The number cannot be ordered' },
  released: { code: 'number.released', kind: 'conflict', title: 'The number was released and cannot be changed any more' },
  locked: { code: 'number.locked', kind: 'conflict', title: 'The number has a deletion lock' },
  askedFor: { code: 'number.asked_for', kind: 'conflict', title: 'Another carrier asks for the number' },
  wrongState: { code: 'number.wrong_state', kind: 'conflict', title: 'The number is in a state in which this cannot be done' },
  notRestorable: { code: 'number.not_restorable', kind: 'conflict', title: 'The number was not released, or its restore window is over' },
  notReturnable: { code: 'number.not_returnable', kind: 'conflict', title: 'The number cannot be given back to its carrier' },
  notReserved: {
    code: 'number.not_reserved',
    kind: 'conflict',
    title: 'The number is not reserved by the tenant, or its reservation is over',
  },
  tooManyReserved: { code: 'number.too_many_reserved', kind: 'conflict', title: 'The tenant has as many numbers reserved as it may' },
  tooManyJobs: { code: 'number_job.too_many', kind: 'conflict', title: 'As many jobs of the tenant as may be are waiting or running' },
  jobStopped: {
    code: 'number_job.stopped',
    kind: 'unavailable',
    title: 'Something went wrong on our side: what is left of the job was not tried',
  },
  noneFound: { code: 'number_order.none_found', kind: 'conflict', title: 'No more numbers like that can be had' },
  orderCancelled: { code: 'number_order.cancelled', kind: 'conflict', title: 'The order was cancelled before the number was asked for' },
  orderEnded: { code: 'number_order.ended', kind: 'conflict', title: 'Nothing of the order can be cancelled any more' },
  groupNameTaken: { code: 'inbound_group.name_taken', kind: 'conflict', title: 'Another inbound group of the tenant has this name' },
  groupInUse: {
    code: 'inbound_group.in_use',
    kind: 'conflict',
    title: 'A number, a schedule or the disaster plan still names the group',
  },
  scheduleNameTaken: {
    code: 'inbound_schedule.name_taken',
    kind: 'conflict',
    title: 'Another inbound schedule of the tenant has this name',
  },
  scheduleInUse: { code: 'inbound_schedule.in_use', kind: 'conflict', title: 'A number still names the schedule' },
  sheetInvalid: { code: 'number_import.sheet_invalid', kind: 'invalid', title: 'The sheet cannot be read; nothing was imported' },
});
