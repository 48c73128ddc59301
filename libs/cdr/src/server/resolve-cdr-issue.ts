import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { lockIssue, resolveIssue } from './cdr-issues.sql.ts';
import type { CdrIssue, IssueKind, Resolution } from './cdr-issues.sql.ts';

/** What resolving an issue came to. */
export type Outcome = { readonly note?: string | undefined; readonly cdrId?: string | undefined; readonly data?: object };

/**
 * Resolves an issue once: under its lock, with an audit entry, in the caller's transaction. Doing the same again answers the same and does nothing.
 * @param kinds of issue that this can be done about
 * @throws AppError resource.not_found, cdr_issue.already_resolved, cdr_issue.wrong_kind, and whatever `act` throws
 */
export const resolveOnce = async (
  tx: Tx,
  ctx: SystemContext,
  id: string,
  resolution: Resolution,
  kinds: readonly IssueKind[],
  at: Date,
  act: (issue: CdrIssue) => Promise<Outcome>,
): Promise<CdrIssue> => {
  const issue = await lockIssue(tx, id);
  if (!issue) throw notFound();
  if (issue.resolution === resolution) return issue;
  if (issue.resolution !== null) throw new AppError(cdrErrors.issueResolved, `The line was ${issue.resolution} before`);
  if (!kinds.includes(issue.kind))
    throw new AppError(cdrErrors.issueKind, `The line is ${issue.kind}; this is for lines that are ${kinds.join(' or ')}`);
  const { note, cdrId, data } = await act(issue);
  audit(tx, ctx, `cdr_issue.${resolution}`, id, { kind: issue.kind, ...(note && { note }), ...(cdrId && { cdrId }), ...data });
  return resolveIssue(tx, id, resolution, at, note ?? null, cdrId ?? null);
};
