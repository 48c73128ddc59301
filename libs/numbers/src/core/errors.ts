import { defineErrors } from '@trunkline/kernel';

export const numberErrors = defineErrors({
  notAvailable: { code: 'number.not_available', kind: 'conflict', title: 'The number cannot be ordered' },
  released: { code: 'number.released', kind: 'conflict', title: 'The number was released and cannot be changed any more' },
  noneFound: { code: 'number_order.none_found', kind: 'conflict', title: 'No more numbers like that can be had' },
  orderCancelled: { code: 'number_order.cancelled', kind: 'conflict', title: 'The order was cancelled before the number was asked for' },
  orderEnded: { code: 'number_order.ended', kind: 'conflict', title: 'Nothing of the order can be cancelled any more' },
  sheetInvalid: { code: 'number_import.sheet_invalid', kind: 'invalid', title: 'The sheet cannot be read; nothing was imported' },
});
