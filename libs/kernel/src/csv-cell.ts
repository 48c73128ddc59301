// what a spreadsheet may run as a formula when a cell begins with it (OWASP ASVS 5.0, 1.2.10); behind apostrophes it was neutralised before
const ACTIVE = /^'*[=+\-@\t\r\n]/;
const NEUTRALISED = /^'+[=+\-@\t\r\n]/;

/**
 * A text as a cell of CSV (RFC 4180) that no spreadsheet takes for a formula: one that could be gets an apostrophe in front, also an E.164
 * number, which begins with `+` and would otherwise lose it. `plainCell` is the way back.
 */
export const csvCell = (text: string): string => {
  const inert = ACTIVE.test(text) ? `'${text}` : text;
  return inert !== text || /[",\r\n]/.test(text) ? `"${inert.replaceAll('"', '""')}"` : text;
};

/** What a parsed cell was before `csvCell` made it inert. */
export const plainCell = (cell: string): string => (NEUTRALISED.test(cell) ? cell.slice(1) : cell);
