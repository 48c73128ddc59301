import { appendFileSync } from 'node:fs';

/** One row of the fault plan, as played here: how much of it to do, and where to say what was done. */
export type Proof<Size> = {
  readonly size: Size;
  /** Says what was injected and what was counted. Call it when all expectations have held. */
  report(injected: string, counted: string): void;
};

/**
 * A test that proves a row of the fault plan. `npm test` plays the short form, `npm run proof` the full one and prints the reports.
 * @param row number of the row in docs/proof.md
 */
export const proof = <Size extends object>(row: number, sizes: { readonly short: Size; readonly full: Size }): Proof<Size> => ({
  size: process.env['TRUNKLINE_PROOF'] ? sizes.full : sizes.short,
  report: (injected, counted) => {
    const file = process.env['TRUNKLINE_PROOF'];
    if (file) appendFileSync(file, `${JSON.stringify({ row, injected, counted })}\n`);
  },
});
