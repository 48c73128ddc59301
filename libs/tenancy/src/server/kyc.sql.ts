import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { DocumentType, Tx } from '@trunkline/platform';
import type { DocumentKind, KycFile } from '../core/kyc-file.ts';
import { emptyFile } from '../core/kyc-file.ts';
import type { RiskFactor } from '../core/kyc-risk.ts';

type Row = Omit<KycFile, 'risk'> & { readonly tenantId: string; readonly riskScore: number | null; readonly riskFactors: RiskFactor[] };
/** A file with its tenant. `homeCountry` is that of the account. */
export type TenantsFile = KycFile & { readonly tenantId: string };

const COLUMNS = `f.tenant_id AS "tenantId", f.state, f.legal_name AS "legalName", f.registration_number AS "registrationNumber", f.tax_id AS "taxId",
  f.address_line AS "addressLine", f.city, f.postal_code AS "postalCode", f.country, f.use_case AS "useCase", f.use_case_detail AS "useCaseDetail",
  f.calls_per_day AS "callsPerDay", f.destinations, f.submitted_at AS "submittedAt", f.reviewed_at AS "reviewedAt", f.reason, f.risk_score AS "riskScore",
  f.risk_factors AS "riskFactors", f.revision, f.created_at AS "createdAt", f.updated_at AS "updatedAt", n.verified_until AS "verifiedUntil"`;
const FROM = `FROM kyc_file f JOIN tenant_node n ON n.id = f.tenant_id`;

const begin = sql(
  'kyc-file-begin',
  `INSERT INTO kyc_file (tenant_id, state, created_at, updated_at) VALUES ($1, 'unverified', $2, $2) ON CONFLICT (tenant_id) DO NOTHING`,
);
const lock = sql<Row>('kyc-file-lock', `SELECT ${COLUMNS} ${FROM} WHERE f.tenant_id = $1 FOR UPDATE OF f`);
const one = sql<Row>('kyc-file-one', `SELECT ${COLUMNS} ${FROM} WHERE f.tenant_id = $1`);
const queue = sql<Row>(
  'kyc-file-list',
  `SELECT ${COLUMNS} ${FROM} WHERE ($1::text IS NULL OR f.state = $1) AND (f.created_at, f.tenant_id) < ($2, $3) ORDER BY f.created_at DESC, f.tenant_id DESC LIMIT $4`,
);
const save = sql(
  'kyc-file-save',
  `UPDATE kyc_file SET state = $2, legal_name = $3, registration_number = $4, tax_id = $5, address_line = $6, city = $7, postal_code = $8, country = $9, use_case = $10,
     use_case_detail = $11, calls_per_day = $12, destinations = $13, submitted_at = $14, reviewed_at = $15, reason = $16, risk_score = $17, risk_factors = $18,
     revision = $19, updated_at = $20 WHERE tenant_id = $1`,
);
const verify = sql('tenant-verify', `UPDATE tenant_node SET verified_until = $2 WHERE id = $1`);
// in any order: those that fail again and again hold up none
const due = sql<{ tenantId: string }>(
  'kyc-file-due',
  `SELECT f.tenant_id AS "tenantId" ${FROM} WHERE n.verified_until <= $1 AND f.state IN ('approved', 'submitted') ORDER BY random() LIMIT 500`,
);

const fileOf = ({ riskScore, riskFactors, ...row }: Row): TenantsFile => ({
  ...row,
  risk: riskScore === null ? null : { score: riskScore, factors: riskFactors },
});

/** The tenant's file, locked until the transaction ends; begun when there was none. */
export const lockFile = async (tx: Tx, tenantId: string, now: Date): Promise<TenantsFile> => {
  await tx.query(begin, tenantId, now);
  const [row] = await tx.query(lock, tenantId);
  if (!row) throw new Error(`the file of tenant ${tenantId} is not there`);
  return fileOf(row);
};

/** @param now when a file that was never begun is thought to have begun */
export const readFile = async (tx: Tx, tenantId: string, now: Date): Promise<TenantsFile> => {
  const [row] = await tx.query(one, tenantId);
  return row ? fileOf(row) : { ...emptyFile(now), tenantId };
};

export const listFiles = async (tx: Tx, state: string | null, after: Position, limit: number): Promise<TenantsFile[]> =>
  (await tx.query(queue, state, after.createdAt, after.id, limit)).map(fileOf);

export const saveFile = async (tx: Tx, tenantId: string, f: KycFile): Promise<void> => {
  const said = [
    f.legalName,
    f.registrationNumber,
    f.taxId,
    f.addressLine,
    f.city,
    f.postalCode,
    f.country,
    f.useCase,
    f.useCaseDetail,
    f.callsPerDay,
  ];
  const came = [f.destinations, f.submittedAt, f.reviewedAt, f.reason, f.risk?.score ?? null, f.risk?.factors ?? []];
  await tx.query(save, tenantId, f.state, ...said, ...came, f.revision, f.updatedAt);
};

/** Until when the operator's approval holds. A request of a tenant has no right to say so. */
export const setVerifiedUntil = async (tx: Tx, tenantId: string, until: Date | null): Promise<void> => {
  await tx.query(verify, tenantId, until);
};

export const dueFiles = async (tx: Tx, now: Date): Promise<string[]> => (await tx.query(due, now)).map(({ tenantId }) => tenantId);

export type KycDocument = {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly fileName: string;
  readonly mediaType: DocumentType;
  readonly byteCount: number;
  readonly contentHash: Buffer;
  readonly createdAt: Date;
};
const DOCUMENT = `SELECT id, kind, file_name AS "fileName", media_type AS "mediaType", byte_count AS "byteCount", content_hash AS "contentHash", created_at AS "createdAt" FROM kyc_document`;
const documents = sql<KycDocument>('kyc-documents', `${DOCUMENT} WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY created_at, id`);
const document = sql<KycDocument>('kyc-document', `${DOCUMENT} WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL`);
const live = sql<{ id: string }>(
  'kyc-documents-live',
  `SELECT id FROM kyc_document WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND deleted_at IS NULL`,
);
const insert = sql(
  'kyc-document-insert',
  `INSERT INTO kyc_document (tenant_id, id, kind, file_name, media_type, byte_count, content_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const remove = sql<{ id: string }>(
  'kyc-document-delete',
  `UPDATE kyc_document SET deleted_at = $3 WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id`,
);

export const listDocuments = (tx: Tx, tenantId: string): Promise<KycDocument[]> => tx.query(documents, tenantId);
export const readDocument = async (tx: Tx, tenantId: string, id: string): Promise<KycDocument | undefined> =>
  (await tx.query(document, tenantId, id))[0];
/** Which of these documents the tenant has, and has not taken out. */
export const liveDocuments = async (tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await tx.query(live, tenantId, ids)).map(({ id }) => id));
export const insertDocument = async (tx: Tx, tenantId: string, d: KycDocument): Promise<void> => {
  await tx.query(insert, tenantId, d.id, d.kind, d.fileName, d.mediaType, d.byteCount, d.contentHash, d.createdAt);
};
export const deleteDocument = async (tx: Tx, tenantId: string, id: string, now: Date): Promise<boolean> =>
  (await tx.query(remove, tenantId, id, now)).length > 0;
