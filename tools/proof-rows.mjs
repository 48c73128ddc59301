/** The rows of the fault plan and the specs that play them. Numbers are those of docs/proof.md. */
export const ROWS = [
  { row: 1, title: 'the process that stores call records is killed inside its transactions', specs: ['libs/cdr/src/server/kill.db.spec.ts'] },
  { row: 2, title: 'Postgres is killed in the middle of changes', specs: ['apps/api/test/postgres-killed.spec.ts'] },
  { row: 3, title: 'the queue is away, or lost everything', specs: ['libs/platform/src/outbox/queue-repair.db.spec.ts', 'libs/platform/src/jobs/redis-backend.db.spec.ts'] },
  { row: 4, title: 'a worker is killed that holds a job', specs: ['apps/worker/test/held-job.spec.ts'] },
  { row: 5, title: 'an edge is cut off while much changes', specs: ['apps/worker/test/edge-cut-off.spec.ts'] },
  { row: 6, title: 'the line to one edge is half-open, narrow or slow', specs: ['apps/worker/test/edge-operations.spec.ts'] },
  { row: 7, title: 'messages of the payment provider come in any order, up to five times', specs: ['libs/billing/src/server/process-payment-event.db.spec.ts', 'libs/billing/src/core/provider-news.spec.ts'] },
  { row: 8, title: 'malformed call records and malformed bodies', specs: ['apps/api/test/fuzz.e2e.spec.ts', 'libs/cdr/src/server/malformed.db.spec.ts'] },
  { row: 9, title: 'the messages of RFC 4475, and damaged ones', specs: ['apps/edge/test/torture.spec.ts'] },
  { row: 19, title: 'many buyers of one thing', specs: ['apps/api/test/races.e2e.spec.ts'] },
  { row: 20, title: 'one idempotency key, many requests', specs: ['apps/api/test/idempotency.e2e.spec.ts'] },
  { row: 21, title: 'clocks are ten minutes off, or step back an hour', specs: ['apps/edge/test/clocks.spec.ts'] },
  { row: 24, title: 'a former build is upgraded under load', specs: ['apps/edge/test/upgrade.spec.ts'] },
  { row: 25, title: 'api and worker are told to end', specs: ['apps/api/test/sigterm.spec.ts', 'apps/worker/test/held-job.spec.ts'] },
  { row: 26, title: 'no connection to the database is free, it is read-only, or a disk is full', specs: ['apps/api/test/degraded.e2e.spec.ts', 'apps/api/test/disk-full.spec.ts', 'apps/edge/test/disk-full.spec.ts'] },
  { row: 30, title: 'every secret is looked for in everything that was written', specs: ['apps/edge/test/secrets.spec.ts'] },
]; // prettier-ignore
