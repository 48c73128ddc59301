import { camelKeys, toPublicId } from '@trunkline/kernel';
import { country, idIn, idOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { BUNDLE_STATES } from '../core/bundle.ts';
import type { BundleChange } from '../core/bundle.ts';
import { FAULTS } from '../core/evaluate.ts';
import type { BundleItem, Evaluation } from '../core/evaluate.ts';
import { END_USERS, NEARNESS, REGULATED_TYPES } from '../core/rule.ts';
import type { RegulatoryRule } from '../core/rule.ts';
import type { TenantsBundle } from './bundles.sql.ts';

const code = z
  .string()
  .regex(/^[a-z][a-z_]{0,39}$/, 'must be the code of a requirement, e.g. address_proof')
  .meta({ example: 'address_proof' });
const day = () =>
  z.iso
    .date()
    .meta({ example: '2026-11-26' })
    .refine((text) => text >= '1900-01-01' && text < '2200-01-01', 'must be a day of these centuries');
const areaCode = z
  .string()
  .regex(/^\d{1,9}$/, 'must be 1 to 9 digits')
  .meta({ example: '30' });

const what = { name: text(120), country: country(), number_type: z.enum(REGULATED_TYPES), end_user: z.enum(END_USERS) };
export const newBundleIn = z.strictObject(what).meta({ id: 'NewRegulatoryBundle' });
const address = z
  .strictObject({
    line: text(200),
    city: text(120),
    postal_code: text(20),
    country: country(),
    area_code: areaCode.nullable().default(null).describe('Of the numbers of its place, without a leading 0 as in their inventory'),
  })
  .meta({ id: 'RegulatoryAddress' });
const document = z
  .strictObject({
    document_id: idIn('kycDocument').describe('A document of the KYC file'),
    issued_on: day().nullable().default(null),
    expires_on: day().nullable().default(null),
  })
  .meta({ id: 'RegulatoryDocument' });
const item = z
  .strictObject({ code, text: text(200).optional(), address: address.optional(), document: document.optional() })
  .refine((i) => [i.text, i.address, i.document].filter((given) => given !== undefined).length === 1, {
    message: 'one of text, address and document must be there',
  })
  .meta({ id: 'NewRegulatoryItem' });
export const bundleChange = z
  .strictObject({
    name: what.name.optional(),
    items: z
      .array(item)
      .max(30)
      .refine((items) => new Set(items.map((i) => i.code)).size === items.length, 'must not name a requirement twice')
      .optional()
      .describe('Replace what is there of the same code'),
    without: z.array(code).max(30).optional().describe('Codes of what is taken out'),
  })
  .meta({ id: 'RegulatoryBundleChange' });
export const bundleQuery = z.strictObject({ ...pageQuery, state: z.enum(BUNDLE_STATES).optional() });
export const reviewQuery = z.strictObject({ ...pageQuery, state: z.enum(BUNDLE_STATES).default('submitted') });
export const evaluationQuery = z.strictObject({ area_code: areaCode.optional().describe('Of a number that is to be ordered with it') });
export const rulesQuery = z.strictObject({ country: country().optional(), versions: z.enum(['current', 'all']).default('current') });
export const approval = z
  .strictObject({ valid_until: z.iso.datetime().nullable().default(null).describe('Null: until its first document expires, or for ever') })
  .meta({ id: 'RegulatoryApproval' });
export const rejection = z.strictObject({ reason: text(2_000) }).meta({ id: 'RegulatoryRejection' });
export const policyIn = z
  .strictObject({ countries: z.array(country()).max(250).describe('Whose numbers are ordered with an approved bundle alone') })
  .meta({ id: 'RegulatoryPolicyChange' });
export const policyOut = z
  .strictObject({ object: z.literal('regulatory_policy'), countries: z.array(z.string()) })
  .meta({ id: 'RegulatoryPolicy' });

const requirementOut = z
  .strictObject({
    code: z.string(),
    title: z.string(),
    kind: z.enum(['text', 'address', 'document']),
    pattern: z.string().nullable().describe('Of a text'),
    nearness: z.enum(NEARNESS).nullable().describe('Of an address, to the number'),
    max_age_days: z.int().nullable().describe('Of a document, when it is submitted'),
  })
  .meta({ id: 'RegulatoryRequirement' });
const ruleOut = z
  .strictObject({
    country: z.string(),
    number_type: z.enum(REGULATED_TYPES),
    end_user: z.enum(END_USERS),
    version: z.int(),
    effective_from: z.string().meta({ example: '2021-12-01' }),
    requirements: z.array(requirementOut),
  })
  .meta({ id: 'RegulatoryRule' });
export const rulesOut = z.strictObject({ object: z.literal('regulatory_rules'), rules: z.array(ruleOut) }).meta({ id: 'RegulatoryRules' });
const itemOut = z
  .strictObject({
    code: z.string(),
    text: z.string().nullable(),
    address: z
      .strictObject({
        line: z.string(),
        city: z.string(),
        postal_code: z.string(),
        country: z.string(),
        area_code: z.string().nullable(),
      })
      .nullable(),
    document: z.strictObject({ document_id: z.string(), issued_on: z.string().nullable(), expires_on: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'RegulatoryItem' });
export const bundleOut = z
  .strictObject({
    id: idOut('regulatoryBundle'),
    object: z.literal('regulatory_bundle'),
    tenant_id: idOut('tenant'),
    name: z.string(),
    country: z.string(),
    number_type: z.enum(REGULATED_TYPES),
    end_user: z.enum(END_USERS),
    state: z.enum(BUNDLE_STATES),
    items: z.array(itemOut),
    reason: z.string().nullable().describe('Why it was rejected'),
    valid_until: timestampOut().nullable().describe('Of an approval; null: it does not end'),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'RegulatoryBundle' });
export const evaluationOut = z
  .strictObject({
    object: z.literal('regulatory_evaluation'),
    compliant: z.boolean(),
    rule_version: z.int().nullable().describe('Null: there is no rule, and nothing is asked for'),
    findings: z.array(
      z
        .strictObject({ code: z.string(), title: z.string(), fault: z.enum(FAULTS).nullable().describe('Null: it is as it should be') })
        .meta({ id: 'RegulatoryFinding' }),
    ),
    valid_until: z.string().nullable().describe('The day that its first document expires'),
  })
  .meta({ id: 'RegulatoryEvaluation' });

const itemOf = ({ code: of, text: said, address: place, document: paper }: z.infer<typeof item>): BundleItem => {
  if (said !== undefined) return { code: of, text: said };
  if (place) return { code: of, address: camelKeys(place) };
  if (paper) return { code: of, document: camelKeys(paper) };
  throw new Error('an item that says nothing');
};

export const changeOf = ({ name, items, without }: z.infer<typeof bundleChange>): BundleChange => ({
  ...(name !== undefined && { name }),
  ...(items && { items: items.map(itemOf) }),
  ...(without && { without }),
});

export const ruleToWire = (r: RegulatoryRule): z.infer<typeof ruleOut> => ({
  country: r.country,
  number_type: r.numberType,
  end_user: r.endUser,
  version: r.version,
  effective_from: r.effectiveFrom,
  requirements: r.requirements.map((q) => ({
    code: q.code,
    title: q.title,
    kind: q.kind,
    pattern: q.kind === 'text' ? q.pattern : null,
    nearness: q.kind === 'address' ? q.nearness : null,
    max_age_days: q.kind === 'document' ? q.maxAgeDays : null,
  })),
});

const itemToWire = (i: BundleItem): z.infer<typeof itemOut> => ({
  code: i.code,
  text: 'text' in i ? i.text : null,
  address:
    'address' in i
      ? {
          line: i.address.line,
          city: i.address.city,
          postal_code: i.address.postalCode,
          country: i.address.country,
          area_code: i.address.areaCode,
        }
      : null,
  document:
    'document' in i
      ? { document_id: toPublicId('kycDocument', i.document.documentId), issued_on: i.document.issuedOn, expires_on: i.document.expiresOn }
      : null,
});

export const bundleToWire = (b: TenantsBundle): z.infer<typeof bundleOut> => ({
  id: toPublicId('regulatoryBundle', b.id),
  object: 'regulatory_bundle',
  tenant_id: toPublicId('tenant', b.tenantId),
  name: b.name,
  country: b.country,
  number_type: b.numberType,
  end_user: b.endUser,
  state: b.state,
  items: b.items.map(itemToWire),
  reason: b.reason,
  valid_until: b.validUntil?.toISOString() ?? null,
  revision: b.revision,
  created_at: b.createdAt.toISOString(),
  updated_at: b.updatedAt.toISOString(),
});

export const evaluationToWire = (e: Evaluation, rule: RegulatoryRule | undefined): z.infer<typeof evaluationOut> => ({
  object: 'regulatory_evaluation',
  compliant: e.compliant,
  rule_version: rule?.version ?? null,
  findings: e.findings.map(({ code: of, title, fault }) => ({ code: of, title, fault })),
  valid_until: e.validUntil,
});
