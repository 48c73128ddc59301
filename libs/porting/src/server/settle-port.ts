import type { Sealer, Tx } from '@trunkline/platform';
import { orderFaults } from '../core/order-faults.ts';
import { sheetOf } from './port-sheet.ts';
import type { Port } from './ports.sql.ts';
import type { NewEntry } from './record-port.ts';

/** What follows for an order from what it tells and shows now: complete, it is ready; no longer complete, it is not. */
export const settledBy = async (tx: Tx, sealer: Sealer, port: Port, now: Date): Promise<readonly NewEntry[]> => {
  const { state } = port.standing;
  if (state !== 'incomplete' && state !== 'ready') return [];
  const isWhole = orderFaults(await sheetOf(tx, sealer, port), now).length === 0;
  if (state === 'incomplete') return isWhole ? [{ event: 'fulfilled' }] : [];
  return isWhole ? [] : [{ event: 'invalidated' }];
};
