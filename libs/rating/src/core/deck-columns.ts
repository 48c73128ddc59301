/** The columns of a deck and the names that carriers' sheets give them (lower case, `_` for spaces and dashes). */
const ALIASES = {
  prefix: ['prefix', 'code', 'dial_code', 'dialcode', 'destination_code'],
  destination: ['destination', 'destination_name', 'name', 'code_name', 'description'],
  rate: ['rate', 'price', 'rate_per_minute', 'price_per_minute'],
  connect_fee: ['connect_fee', 'connect', 'connection_fee', 'setup_fee', 'sf'],
  initial: ['initial', 'min', 'minimum', 'initial_seconds', 'interval_1', 'billing'],
  increment: ['increment', 'next', 'int', 'inc', 'increment_seconds', 'interval_n'],
} as const;
export type DeckColumn = keyof typeof ALIASES;

const COLUMN_OF = new Map(
  Object.entries(ALIASES).flatMap(([column, names]) => names.map((name) => [name as string, column as DeckColumn])),
);

/** A heading that is unknown, repeated or missing. */
export type HeaderFault = { readonly column: string; readonly code: 'unknown' | 'repeated' | 'missing'; readonly detail: string };
export type DeckHeader = {
  readonly positions: Partial<Record<DeckColumn, number>>;
  readonly width: number;
  readonly faults: readonly HeaderFault[];
};

/** Maps the header row to our columns. An unknown heading is refused, since it may be what changes the price (an effective date, a time profile). */
export const readHeader = (cells: readonly string[]): DeckHeader => {
  const positions: Partial<Record<DeckColumn, number>> = {};
  const faults: HeaderFault[] = [];
  cells.forEach((cell, position) => {
    const column = COLUMN_OF.get(
      cell
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
    );
    if (!column) faults.push({ column: cell, code: 'unknown', detail: `Unknown column; known are ${Object.keys(ALIASES).join(', ')}` });
    else if (column in positions) faults.push({ column: cell, code: 'repeated', detail: `A second column for ${column}` });
    else positions[column] = position;
  });
  for (const column of ['prefix', 'rate'] as const) {
    if (!(column in positions)) faults.push({ column, code: 'missing', detail: `There is no column ${column}` });
  }
  return { positions, width: cells.length, faults };
};
