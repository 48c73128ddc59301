import type { Call } from './harness.ts';

export type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
};
type Content = { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> };
type Documented = {
  readonly operationId: string;
  readonly 'x-access'?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: { readonly example?: string } }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
};
/** A route as the OpenAPI document has it. `access`: a scope, or public, key or operator. */
export type Operation = Documented & {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly access: string;
};

export const operationsOf = (openApi: { paths: object }): Operation[] =>
  Object.entries(openApi.paths as Record<string, Record<string, Documented>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      ...o,
      id: o.operationId,
      method: method.toUpperCase() as Operation['method'],
      path,
      access: o['x-access'] ?? 'none',
    })),
  );

/** All operations of the OpenAPI document, with references to schemas followed. */
export const readOperations = async (call: Call): Promise<{ operations: Operation[]; follow(schema: Schema | undefined): Schema }> => {
  const { body } = await call('GET', '/openapi.json');
  const schemas: Readonly<Record<string, Schema>> = body.components.schemas;
  const follow = (schema: Schema = {}): Schema => (schema.$ref ? follow(schemas[schema.$ref.split('/').at(-1)!]) : schema);
  return { operations: operationsOf(body), follow };
};

/** The schema of what an operation answers when all is well. */
export const answerOf = ({ responses }: Operation): Schema | undefined =>
  Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content?.['application/json']?.schema;
/** The schema of its JSON body. */
export const bodyOf = ({ requestBody }: Operation): Schema | undefined => requestBody?.content?.['application/json']?.schema;
