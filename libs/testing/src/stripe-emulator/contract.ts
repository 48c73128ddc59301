import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Params } from './form-body.ts';
import { StripeFault, invalid } from './stripe-fault.ts';

/** JSON Schemas of the requests, derived from the types of the `stripe` package by `tools/generate-stripe-contract.mjs`. */
type Contract = {
  readonly sdkVersion: string;
  readonly operations: { readonly [operation: string]: object };
  readonly definitions: object;
};

export const contract = JSON.parse(readFileSync(new URL('./contract.json', import.meta.url), 'utf8')) as Contract;

const ID = 'https://trunkline.invalid/stripe-contract';
// Form bodies carry strings alone, hence the coercion; the SDK's unions of types are what strict mode would call sloppy.
const ajv = new Ajv({ strict: false, coerceTypes: true }).addSchema({ $id: ID, ...contract });
const validators = new Map<string, ValidateFunction>();

const validatorOf = (operation: string): ValidateFunction => {
  const known = validators.get(operation);
  if (known) return known;
  const pointer = operation.replaceAll('~', '~0').replaceAll('/', '~1');
  const made = ajv.compile({ $ref: `${ID}#/operations/${encodeURIComponent(pointer)}` });
  validators.set(operation, made);
  return made;
};

/** `/invoice_settings/footer` → `invoice_settings[footer]`, Stripe's way to name a parameter. */
const paramOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part, i) => (i === 0 ? part : `[${part}]`))
    .join('');

const faultOf = ({ keyword, params, instancePath, message }: ErrorObject): StripeFault => {
  if (keyword === 'additionalProperties') {
    const param = paramOf(`${instancePath}/${params['additionalProperty']}`);
    return invalid(`Received unknown parameter: ${param}`, param, 'parameter_unknown');
  }
  if (keyword === 'required') {
    const param = paramOf(`${instancePath}/${params['missingProperty']}`);
    return invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
  }
  const param = paramOf(instancePath);
  return invalid(`Invalid ${param}: ${message ?? keyword}`, param);
};

/**
 * Refuses what the installed SDK's own types do not allow: unknown URLs, unknown, missing and mistyped parameters. Numbers and booleans in `params`
 * are turned into such, in place.
 * @throws StripeFault
 */
export const checkRequest = (operation: string, params: Params): void => {
  if (!(operation in contract.operations)) {
    throw new StripeFault(
      404,
      'invalid_request_error',
      `Unrecognized request URL (${operation}). This is the Stripe emulator: it knows what Trunkline uses.`,
    );
  }
  const validate = validatorOf(operation);
  if (validate(params)) return;
  const errors = validate.errors ?? [];
  throw faultOf(errors.find(({ keyword }) => keyword === 'additionalProperties' || keyword === 'required') ?? (errors[0] as ErrorObject));
};
