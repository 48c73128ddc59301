// Writes libs/testing/src/stripe-emulator/contract.json: JSON Schemas of the requests that the Stripe emulator answers, derived from the
// types of the installed `stripe` package. Run it after an upgrade of the SDK: `node tools/generate-stripe-contract.mjs`.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { createGenerator } = createRequire(import.meta.url)('ts-json-schema-generator');
const root = join(import.meta.dirname, '..');
const folder = join(root, 'libs/testing/src/stripe-emulator');

/** Method and path → the SDK's type of its parameters. What is not listed does not exist in the emulator. */
const OPERATIONS = {
  'POST /v1/customers': 'CustomerCreateParams',
  'GET /v1/customers/:id': 'CustomerRetrieveParams',
  'POST /v1/customers/:id': 'CustomerUpdateParams',
  'POST /v1/payment_methods/:id/attach': 'PaymentMethodAttachParams',
  'POST /v1/invoices': 'InvoiceCreateParams',
  'GET /v1/invoices': 'InvoiceListParams',
  'GET /v1/invoices/:id': 'InvoiceRetrieveParams',
  'POST /v1/invoices/:id/finalize': 'InvoiceFinalizeInvoiceParams',
  'POST /v1/invoices/:id/pay': 'InvoicePayParams',
  'POST /v1/invoices/:id/void': 'InvoiceVoidInvoiceParams',
  'POST /v1/invoices/:id/mark_uncollectible': 'InvoiceMarkUncollectibleParams',
  'POST /v1/invoiceitems': 'InvoiceItemCreateParams',
  'GET /v1/invoiceitems': 'InvoiceItemListParams',
  'GET /v1/invoice_payments': 'InvoicePaymentListParams',
  'POST /v1/payment_methods/:id/detach': 'PaymentMethodDetachParams',
  'POST /v1/payment_intents': 'PaymentIntentCreateParams',
  'GET /v1/payment_intents': 'PaymentIntentListParams',
  'GET /v1/payment_intents/:id': 'PaymentIntentRetrieveParams',
  'POST /v1/payment_intents/:id/confirm': 'PaymentIntentConfirmParams',
  'POST /v1/payment_intents/:id/cancel': 'PaymentIntentCancelParams',
  'GET /v1/charges/:id': 'ChargeRetrieveParams',
  'POST /v1/refunds': 'RefundCreateParams',
  'GET /v1/refunds': 'RefundListParams',
  'GET /v1/refunds/:id': 'RefundRetrieveParams',
  'GET /v1/disputes/:id': 'DisputeRetrieveParams',
  'POST /v1/credit_notes': 'CreditNoteCreateParams',
  'GET /v1/credit_notes': 'CreditNoteListParams',
  'GET /v1/credit_notes/:id': 'CreditNoteRetrieveParams',
  'POST /v1/credit_notes/:id/void': 'CreditNoteVoidCreditNoteParams',
  'GET /v1/events': 'EventListParams',
};

/** Stripe's strings of at most 12 decimals, as `Stripe.Decimal` writes them on the wire. */
const DECIMAL = { type: 'string', pattern: '^-?\\d+(\\.\\d{1,12})?$' };
const PROSE = new Set(['description', '$comment', 'title', 'default', 'examples', 'deprecated']);

/** Drops prose and the `OtherString` branches by which the SDK stays open to values that it does not know. */
const compact = (node, isMap = false) => {
  if (Array.isArray(node)) return node.map((item) => compact(item));
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node)
    .filter(([key]) => isMap || !PROSE.has(key))
    .map(([key, value]) => [key, compact(value, !isMap && (key === 'properties' || key === 'definitions'))]);
  const slim = Object.fromEntries(entries);
  if (isMap || !Array.isArray(slim.anyOf)) return slim;
  const branches = slim.anyOf.filter((branch) => !/OtherString/.test(branch.$ref ?? ''));
  return branches.length === 1 && Object.keys(slim).length === 1 ? branches[0] : { ...slim, anyOf: branches };
};

/** Definitions that are still referred to, renamed d0, d1, … */
const pruned = ({ definitions, operations }) => {
  const names = new Map();
  const kept = {};
  const walk = (node) =>
    JSON.parse(JSON.stringify(node), (key, value) =>
      key === '$ref' && typeof value === 'string' ? refTo(decodeURIComponent(value.slice('#/definitions/'.length))) : value,
    );
  const refTo = (name) => {
    if (!names.has(name)) {
      const short = `d${names.size}`;
      names.set(name, short);
      kept[short] = walk(/^(Stripe\.)?Decimal$/.test(name) ? DECIMAL : definitions[name]);
    }
    return `#/definitions/${names.get(name)}`;
  };
  const shown = Object.fromEntries(Object.entries(operations).map(([operation, schema]) => [operation, walk(schema)]));
  return { operations: shown, definitions: kept };
};

const source = join(folder, 'operations.generated.ts');
const members = Object.entries(OPERATIONS).map(([operation, type]) => `  '${operation}': Stripe.${type};`);
writeFileSync(source, `import type Stripe from 'stripe';\nexport interface Operations {\n${members.join('\n')}\n}\n`);
try {
  const schema = createGenerator({
    path: source,
    tsconfig: join(root, 'tsconfig.json'),
    type: 'Operations',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('Operations');
  const definitions = compact(schema.definitions, true);
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/stripe/package.json'), 'utf8'));
  const contract = { sdkVersion: version, ...pruned({ definitions, operations: definitions.Operations.properties }) };
  writeFileSync(join(folder, 'contract.json'), `${JSON.stringify(contract)}\n`);
  console.log(
    `stripe ${version}: ${Object.keys(contract.operations).length} operations, ${Object.keys(contract.definitions).length} definitions`,
  );
} finally {
  rmSync(source);
}
