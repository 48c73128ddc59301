export type Field = {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  /** the fields of each item of an array of objects */
  readonly items?: readonly Field[];
  readonly choices?: readonly unknown[];
  readonly description?: string;
};
/** What a program needs to know of an operation to offer it without code of its own. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly pathParameters: readonly Field[];
  readonly queryParameters: readonly Field[];
  /** whether an operator's key acts for the tenant it names */
  readonly tenantHeader: boolean;
  readonly body?: { readonly type: string; readonly fields: readonly Field[] };
};

export { OPERATIONS } from './generated/operations.ts';
