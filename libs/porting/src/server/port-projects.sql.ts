import type { Position } from '@trunkline/kernel';
import { notFound } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export type PortProjectRow = {
  readonly id: string;
  readonly trunkId: string | null;
  readonly emergencyAddressId: string | null;
  readonly callerName: string | null;
  readonly externalReference: string | null;
  readonly requestedFocAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
};

const PROJECT = `SELECT id, trunk_id AS "trunkId", emergency_address_id AS "emergencyAddressId", caller_name AS "callerName", external_reference AS "externalReference", requested_foc_at AS "requestedFocAt",
    created_by AS "createdBy", created_at AS "createdAt" FROM port_project`;

const project = sql<PortProjectRow>('port-project', `${PROJECT} WHERE tenant_id = $1 AND id = $2`);
const projects = sql<PortProjectRow>(
  'port-projects',
  `${PROJECT} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5::text IS NULL OR external_reference = $5) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const insertProject = sql(
  'port-project-insert',
  `INSERT INTO port_project (tenant_id, id, trunk_id, emergency_address_id, caller_name, external_reference, requested_foc_at, created_by, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const setFoc = sql('port-project-foc', `UPDATE port_project SET requested_foc_at = $3 WHERE tenant_id = $1 AND id = $2`);

/** @throws AppError resource.not_found */
export const readProject = async (tx: Tx, tenantId: string, id: string): Promise<PortProjectRow> => {
  const [row] = await tx.query(project, tenantId, id);
  if (!row) throw notFound();
  return row;
};
export const listProjects = (tx: Tx, tenantId: string, after: Position, limit: number, externalReference?: string) =>
  tx.query(projects, tenantId, after.createdAt, after.id, limit, externalReference);
export const insertPortProject = (tx: Tx, tenantId: string, p: PortProjectRow) =>
  tx.query(
    insertProject,
    tenantId,
    p.id,
    p.trunkId,
    p.emergencyAddressId,
    p.callerName,
    p.externalReference,
    p.requestedFocAt,
    p.createdBy,
    p.createdAt,
  );
export const setProjectFoc = (tx: Tx, tenantId: string, id: string, at: Date | null) => tx.query(setFoc, tenantId, id, at);
