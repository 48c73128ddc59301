import { defineErrors } from '@trunkline/kernel';

export const numberErrors = defineErrors({
  notAvailable: { code: 'number.not_available', kind: 'conflict', title: 'The number cannot be ordered' },
  released: { code: 'number.released', kind: 'conflict', title: 'The number was released and cannot be changed any more' },
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
