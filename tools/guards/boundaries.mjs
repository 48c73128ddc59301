// Proves that the import and purity rules bite: plants a violation of each and a lawful twin, and wants exactly the first reported.
import { ESLint } from 'eslint';
import { root } from '../bootstrap.mjs';
import { buildGraph } from '../lint.mjs';

const LEVELS = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';
const GLOBALS = 'no-restricted-globals';
const SYNTAX = 'no-restricted-syntax';
const uses = (specifier) => `import * as it from '${specifier}';\nexport const used = it;\n`;
const computes = (expression) => `export const it = ${expression};\n`;

/** [what, file, code, the rule that must report it; undefined: none may] */
const CASES = [
  ['an import from a higher level', 'libs/trunks/src/planted.ts', uses('@trunkline/billing'), LEVELS],
  ['an import from a lower level', 'libs/billing/src/planted.ts', uses('@trunkline/trunks'), undefined],
  ['an import from a neighbour', 'libs/cdr/src/planted.ts', uses('@trunkline/trunks'), LEVELS],
  ['a relative path into another project', 'libs/billing/src/planted.ts', uses('../../kernel/src/index.ts'), LEVELS],
  ['an app on a domain', 'apps/api/src/planted.ts', uses('@trunkline/billing'), undefined],
  ['the edge agent on the platform', 'apps/edge/agent/planted.ts', uses('@trunkline/platform'), LEVELS],
  ['the edge agent on a domain', 'apps/edge/agent/planted.ts', uses('@trunkline/trunks'), LEVELS],
  ['the edge agent on Postgres', 'apps/edge/agent/planted.ts', uses('pg'), LEVELS],
  ['the edge agent on the contract', 'apps/edge/agent/planted.ts', uses('@trunkline/edge-core'), undefined],
  ['test support in a program', 'libs/trunks/src/planted.ts', uses('@trunkline/testing'), LEVELS],
  ['test support in a spec', 'libs/trunks/src/planted.spec.ts', uses('@trunkline/testing'), undefined],
  ['Nest in a core', 'libs/trunks/src/core/planted.ts', uses('@nestjs/common'), IMPORTS],
  ['GraphQL in a core', 'libs/trunks/src/core/planted.ts', uses('graphql'), IMPORTS],
  ['Node in a core', 'libs/trunks/src/core/planted.ts', uses('node:fs'), IMPORTS],
  ['Node in the kernel', 'libs/kernel/src/planted.ts', uses('node:crypto'), IMPORTS],
  ['the server side in a core', 'libs/trunks/src/core/planted.ts', uses('../server/planted.ts'), IMPORTS],
  ['the clock in a core', 'libs/trunks/src/core/planted.ts', computes('new Date()'), SYNTAX],
  ['the clock in edge-core', 'libs/edge-core/src/planted.ts', computes('Date.now()'), SYNTAX],
  ['a given time in a core', 'libs/trunks/src/core/planted.ts', computes('new Date(0)'), undefined],
  ['a timer in the kernel', 'libs/kernel/src/planted.ts', computes('setTimeout'), GLOBALS],
  ['the environment in a server', 'libs/trunks/src/server/planted.ts', computes("process.env['A']"), SYNTAX],
  ['the environment of an app outside its config', 'apps/api/src/planted.ts', computes("process.env['A']"), SYNTAX],
  ['the environment in a config', 'apps/api/src/config.ts', computes("process.env['A']"), undefined],
  ["the environment in the agent's config", 'apps/edge/agent/config.ts', computes("process.env['A']"), undefined],
  ['SQL put together from text', 'libs/trunks/src/server/planted.ts', 'export const q = (db: any) => db.$queryRawUnsafe("x");\n', SYNTAX],
];

export async function check() {
  const graph = buildGraph();
  if (graph.length > 0) return graph;
  const eslint = new ESLint({ cwd: root });
  const faults = [];
  for (const [what, filePath, code, rule] of CASES) {
    const [{ messages }] = await eslint.lintText(code, { filePath });
    const rules = messages.map((message) => message.ruleId);
    if (rule && !rules.includes(rule)) faults.push(`not reported: ${what} (${filePath})`);
    if (!rule && rules.length > 0) faults.push(`wrongly reported: ${what} (${filePath}): ${messages.map((m) => m.message).join('; ')}`);
  }
  return faults;
}
