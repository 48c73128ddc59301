import type { Sealer, Tx } from '@trunkline/platform';
import type { PortSheet } from '../core/order-faults.ts';
import { listPapers } from './port-documents.sql.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import type { Port, PortNumberRow, PortOrderRow } from './ports.sql.ts';
import { hashNumbers } from './hash-numbers.ts';

/** Where the PIN of an account at a losing carrier is kept: bound to the project, whose orders share it. */
export const pinContext = (projectId: string): string => `port_project.pin:${projectId}`;

export const pinOf = (sealer: Sealer, { pinSealed, projectId }: PortOrderRow): { readonly pin?: string } =>
  pinSealed ? { pin: sealer.open(pinSealed, pinContext(projectId)) } : {};

/** An order as a carrier would look at it, the PIN among its fields: it is not to leave the process but to the carrier. */
export const sheetFrom = (
  sealer: Sealer,
  row: PortOrderRow,
  numbers: readonly PortNumberRow[],
  papers: readonly PortDocumentRow[],
): PortSheet => {
  const e164s = numbers.map((n) => n.e164);
  const fields = { ...row.fields, ...pinOf(sealer, row) };
  return {
    country: row.country,
    numberType: row.numberType,
    customer: row.customer,
    numbers: e164s,
    numbersHash: hashNumbers(e164s),
    fields,
    papers,
    carrierAsks: row.carrierAsks,
  };
};

export const sheetOf = async (tx: Tx, sealer: Sealer, { row, numbers }: Pick<Port, 'row' | 'numbers'>): Promise<PortSheet> =>
  sheetFrom(sealer, row, numbers, await listPapers(tx, row.tenantId, [row.id]));
