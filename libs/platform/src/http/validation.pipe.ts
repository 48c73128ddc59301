import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError, kernelErrors, notFound } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';

type Issue = {
  readonly message: string;
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly path?: readonly (PropertyKey | { key: PropertyKey })[];
};

/** So many faults are told at most: an answer must not outgrow its request. */
const FAULTS_MAX = 100;

const escape = (key: PropertyKey): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');
const pointerOf = (prefix: string, issue: Issue): string =>
  prefix + (issue.path ?? []).map((p) => `/${escape(typeof p === 'object' ? p.key : p)}`).join('');

type Checked = { readonly value?: unknown; readonly issues?: readonly Issue[] | undefined };

/**
 * Checks body, query and path against their zod schema. Every fault names its field; a path that cannot name anything is the plain 404.
 * What needs no waiting is not waited for: every parameter of every request comes by here, those too that have no schema.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (!metadata.schema || metadata.type === 'custom') return value;
    const given = metadata.type === 'body' && value === undefined ? {} : value;
    const checked = metadata.schema['~standard'].validate(given) as Checked | Promise<Checked>;
    return checked instanceof Promise ? checked.then((later) => taken(later, metadata)) : taken(checked, metadata);
  }
}

/** @throws AppError resource.not_found, request.invalid */
const taken = ({ value, issues }: Checked, { type }: ArgumentMetadata): unknown => {
  if (!issues) return value;
  if (type === 'param') throw notFound();
  const prefix = type === 'query' ? '/query' : '';
  const errors = issues
    .slice(0, FAULTS_MAX)
    .flatMap((issue) => faults(prefix, issue))
    .slice(0, FAULTS_MAX);
  const named = errors.slice(0, 5).map((e) => `${e.pointer || '/'}: ${e.detail}`);
  throw new AppError(kernelErrors.invalid, named.join('; '), { errors });
};

// zod reports unknown fields on their parent: name each field itself
const faults = (prefix: string, issue: Issue): FieldError[] => {
  const pointer = pointerOf(prefix, issue);
  if (issue.code === 'unrecognized_keys')
    return (issue.keys ?? []).map((key) => ({
      pointer: `${pointer}/${escape(key)}`,
      code: 'unknown_field',
      detail: 'There is no such field',
    }));
  return [{ pointer, code: issue.code ?? 'invalid', detail: issue.message }];
};
