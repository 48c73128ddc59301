/** What a posting did to a balance that is watched, in nanos owed: below 0 there is money left. */
export type WatchedMove = { readonly tenantId: string; readonly before: bigint; readonly after: bigint; readonly mark: bigint };

const crosses = ({ before, after }: WatchedMove, line: bigint): boolean => before < line && after >= line;

/** Whether the balance has just come down to its mark, or is just used up. */
export const comesLow = (move: WatchedMove): boolean => crosses(move, move.mark) || crosses(move, 0n);

/** Whether more was spent than there was. */
export const overdraws = ({ before, after }: WatchedMove): boolean => after > 0n && after > before;
