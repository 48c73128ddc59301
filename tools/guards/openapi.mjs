// docs/openapi.json is a sound OpenAPI 3.1 document whose examples fit their schemas, by the rules of redocly.yaml.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { root } from '../bootstrap.mjs';

/** What is wrong with a document, as text. */
export async function openApiFaults(source) {
  const config = await createConfig(readFileSync(join(root, 'redocly.yaml'), 'utf8'));
  const problems = await lintFromString({ source, config, absoluteRef: join(root, 'docs/openapi.json') });
  return problems.map(({ ruleId, message, location }) => `docs/openapi.json: ${location[0]?.pointer ?? ''}: ${message} (${ruleId})`);
}

const PLANTED = {
  openapi: '3.1.0',
  info: { title: 'Planted', version: '1' },
  servers: [{ url: '/' }],
  paths: { '/a': { get: { responses: { 200: { description: 'x', content: { 'application/json': { schema: { $ref: '#/b' } } } } } } } },
};

export async function check() {
  const planted = (await openApiFaults(JSON.stringify(PLANTED))).join('\n');
  for (const rule of ['no-unresolved-refs', 'operation-summary', 'security-defined'])
    if (!planted.includes(rule)) return [`not reported: ${rule}`];
  return openApiFaults(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
}
