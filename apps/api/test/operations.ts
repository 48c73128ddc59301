/** A route as the OpenAPI document has it. `access`: a scope, or public, key or operator. */
export type Operation = {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly access: string;
};

export const operationsOf = (openApi: { paths: object }): Operation[] =>
  Object.entries(openApi.paths as Record<string, Record<string, { operationId: string; 'x-access'?: string }>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      id: o.operationId,
      method: method.toUpperCase() as Operation['method'],
      path,
      access: o['x-access'] ?? 'none',
    })),
  );
