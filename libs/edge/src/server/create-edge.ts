import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge } from './edge-queries.ts';
import { newEnrolToken } from './enrol-token.ts';
import { MAIN_SCOPE } from './scope.ts';

/** `sipAddress`: ip:port where PBXs and carriers reach it. */
export type NewEdge = { readonly name: string; readonly sipAddress: string };
/** `enrolToken` is shown this once. */
export type EdgeWithToken = Edge & { readonly enrolToken: string; readonly enrolExpiresAt: Date };

const insert = sql(
  'edge-insert',
  `INSERT INTO edge (id, name, scope, sip_address, enrol_token_hash, enrol_expires_at, created_at) VALUES ($1, $2, '${MAIN_SCOPE}', $3, $4, $5, $6)`,
);

/** Announces an edge. It counts from the moment its agent trades the token for an identity. */
@Injectable()
export class CreateEdge {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly edges: EdgeQueries,
  ) {}

  /** @throws AppError edge.name_taken */
  execute(ctx: SystemContext, { name, sipAddress }: NewEdge): Promise<EdgeWithToken> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const id = newId();
      const { token, hash, expiresAt } = newEnrolToken(now);
      await tx.query(insert, id, name, sipAddress, hash, expiresAt, now).catch(nameTaken);
      audit(tx, ctx, 'edge.created', id, { name, sipAddress });
      return { ...(await this.edges.byId(ctx, id)), enrolToken: token, enrolExpiresAt: expiresAt };
    });
  }
}

const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'edge_name_key')) throw error;
  throw new AppError(edgeErrors.nameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: edgeErrors.nameTaken.title }],
  });
};
