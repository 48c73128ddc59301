/** The rows of the fault plan and the specs that play them. Numbers are those of docs/proof.md. */
export const ROWS = [
  { row: 1, title: 'the process that stores call records is killed inside its transactions', specs: ['libs/cdr/src/server/kill.db.spec.ts'] },
  { row: 5, title: 'an edge is cut off while much changes', specs: ['apps/worker/test/edge-cut-off.spec.ts'] },
  { row: 6, title: 'the line to one edge is half-open, narrow or slow', specs: ['apps/worker/test/edge-operations.spec.ts'] },
  { row: 8, title: 'malformed call records and malformed bodies', specs: ['apps/api/test/fuzz.e2e.spec.ts', 'libs/cdr/src/server/malformed.db.spec.ts'] },
  { row: 19, title: 'many buyers of one thing', specs: ['apps/api/test/races.e2e.spec.ts'] },
  { row: 20, title: 'one idempotency key, many requests', specs: ['apps/api/test/idempotency.e2e.spec.ts'] },
]; // prettier-ignore
