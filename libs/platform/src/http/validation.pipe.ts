import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
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

/** Checks body, query and path against their zod schema. Every fault names its field; a path that cannot name anything is the plain 404. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (!metadata.schema || metadata.type === 'custom') return value;
    const given = metadata.type === 'body' && value === undefined ? ({} as T) : value;
    const result = await metadata.schema['~standard'].validate(given);
    if (!result.issues) return result.value as T;
    if (metadata.type === 'param') throw notFound();
    const issues = (result.issues as readonly Issue[]).slice(0, FAULTS_MAX);
    const errors = issues.flatMap((issue) => faults(metadata.type === 'query' ? '/query' : '', issue)).slice(0, FAULTS_MAX);
    throw new AppError(
      kernelErrors.invalid,
      `${errors
        .map((e) => `${e.pointer || '/'}: ${e.detail}`)
        .slice(0, 5)
        .join('; ')}`,
      { errors },
    );
  }
}

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
