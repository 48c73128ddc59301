import { defineErrors } from '@trunkline/kernel';

export const numberErrors = defineErrors({
  notAvailable: { code: 'number.not_available', kind: 'conflict', title: 'The number cannot be ordered' },
  released: { code: 'number.released', kind: 'conflict', title: 'The number was released and cannot be changed any more' },
  sheetInvalid: { code: 'number_import.sheet_invalid', kind: 'invalid', title: 'The sheet cannot be read; nothing was imported' },
});
