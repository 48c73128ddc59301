import { billingErrors } from '@trunkline/billing';
import { carrierErrors } from '@trunkline/carriers';
import { cdrErrors } from '@trunkline/cdr';
import { channelErrors } from '@trunkline/channels';
import { edgeErrors } from '@trunkline/edge';
import { REJECT } from '@trunkline/edge-core';
import { kernelErrors } from '@trunkline/kernel';
import type { ErrorDefinition } from '@trunkline/kernel';
import { ledgerErrors } from '@trunkline/ledger';
import { numberErrors } from '@trunkline/numbers';
import { peopleErrors } from '@trunkline/people';
import { STATUS_BY_KIND, platformErrors } from '@trunkline/platform';
import type { ProblemCode } from '@trunkline/platform';
import { ratingErrors } from '@trunkline/rating';
import { planErrors } from '@trunkline/rating/server';
import { tenancyErrors } from '@trunkline/tenancy';
import { trunkErrors } from '@trunkline/trunks';
import { webhookErrors } from '@trunkline/webhooks';

/** Every domain's table; a table that is missing here fails the suite. */
export const ERROR_TABLES: Readonly<Record<string, Readonly<Record<string, ErrorDefinition>>>> = {
  kernelErrors,
  platformErrors,
  tenancyErrors,
  carrierErrors,
  ledgerErrors,
  ratingErrors,
  planErrors,
  trunkErrors,
  numberErrors,
  channelErrors,
  edgeErrors,
  billingErrors,
  cdrErrors,
  webhookErrors,
  peopleErrors,
};

/** All codes of the API with the HTTP status they come with. */
export const problemCodes = (): readonly ProblemCode[] =>
  Object.values(ERROR_TABLES)
    .flatMap((table) => Object.values(table))
    .map(({ code, title, kind }) => ({ code, title, status: STATUS_OF_CODE[code] ?? STATUS_BY_KIND[kind] }));

/** What Fastify answers for itself, outside the eight kinds. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  [platformErrors.tooLarge.code]: 413,
  [platformErrors.unsupportedMediaType.code]: 415,
  [platformErrors.internal.code]: 500,
};

/** @property status of HTTP; absent where the answer is SIP's */
export type DocumentedCode = { readonly code: string; readonly title: string; readonly answer: string; readonly status?: number };

/** All codes of the API, then all reasons an edge gives in the Reason header and in call records. */
export const documentedCodes = (): { readonly api: readonly DocumentedCode[]; readonly edge: readonly DocumentedCode[] } => ({
  api: problemCodes().map(({ code, title, status }) => ({ code, title, status, answer: `HTTP ${status}` })),
  edge: Object.values(REJECT).map((reason) => ({ code: reason.code, title: reason.title, answer: sipAnswer(reason) })),
});

const sipAnswer = (reason: { sipCode: number; inboundSipCode?: number }): string =>
  `SIP ${reason.sipCode}${reason.inboundSipCode === undefined ? '' : ` (inbound ${reason.inboundSipCode})`}`;
