// Holds the images to a few rules that a build does not notice: a clean Dockerfile, a health check for what serves, no root, no
// floating tag; what the build generates from reaches it; and a compose file in which every service is restarted, bounded in its logs and health-checked or meant to end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore from '@balena/dockerignore';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { root } from '../bootstrap.mjs';
import { inputsOfAll } from '../generate.mjs';

const SERVING = ['api', 'worker', 'edge'];
const FLOATING = /^[^:@]+$|:latest$/;

/** What is wrong with a Dockerfile, as text. */
export function dockerfileFaults(text) {
  const faults = validate(text).map(({ message, range }) => `Dockerfile:${range.start.line + 1}: ${message}`);
  const stages = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push({ from: instruction, keywords: new Set(), users: [] });
    stages.at(-1)?.keywords.add(instruction.getKeyword());
    if (instruction.getKeyword() === 'USER') stages.at(-1)?.users.push(instruction.getArgumentsContent());
  }
  const names = new Set(stages.map(({ from }) => from.getBuildStage()));
  for (const { from, keywords, users } of stages) {
    const stage = from.getBuildStage() ?? from.getImage();
    if (!names.has(from.getImage()) && !from.getImage().includes('$') && FLOATING.test(from.getImage()))
      faults.push(`${stage}: no fixed tag`);
    if (keywords.has('CMD') && [undefined, 'root', '0'].includes(users.at(-1))) faults.push(`${stage}: runs as root`);
    if (SERVING.includes(stage) && !keywords.has('HEALTHCHECK')) faults.push(`${stage}: no HEALTHCHECK`);
  }
  for (const name of SERVING) if (!names.has(name)) faults.push(`no target ${name}`);
  return faults;
}

/** What is wrong with a compose file, as text. */
export function composeFaults(text) {
  const { services } = parse(text, { merge: true });
  return Object.entries(services).flatMap(([name, service]) => {
    const built = service.build !== undefined;
    const missing = ['restart', 'logging'].filter((key) => service[key] === undefined);
    if (!built && service.healthcheck === undefined) missing.push('healthcheck');
    const faults = missing.map((key) => `compose: ${name} has no ${key}`);
    if (!built && FLOATING.test(service.image)) faults.push(`compose: ${name} has no fixed tag`);
    for (const wanted of Object.keys(service.depends_on ?? {}))
      if (!services[wanted]) faults.push(`compose: ${name} waits for ${wanted}, which is not there`);
    return faults;
  });
}

/** Which of the files that the build generates from do not reach it, by the text of a `.dockerignore`. */
export function contextFaults(text, files) {
  const ignored = ignore().add(text);
  return files.filter((file) => ignored.ignores(file)).map((file) => `.dockerignore: keeps ${file} from the build`);
}

const PLANTED =
  'FROM node AS api\nFROM node:24 AS worker\nHEALTHCHECK NONE\nCMD ["x"]\nFROM node:24 AS edge\nUSER node\nCMD ["x"]\nRUNN y\n';

export function check() {
  const planted = dockerfileFaults(PLANTED).join('\n');
  for (const fault of ['RUNN', 'api: no fixed tag', 'worker: runs as root', 'edge: no HEALTHCHECK'])
    if (!planted.includes(fault)) return [`not reported: ${fault}`];
  if (composeFaults('services: { a: { image: redis, depends_on: { b: {} } } }').length !== 5)
    return ['a careless compose file is not reported'];
  if (contextFaults('docs/*\n!docs/a', ['docs/a', 'docs/b']).length !== 1) return ['a file kept from the build is not reported'];
  const read = (name) => readFileSync(join(root, 'docker', name), 'utf8');
  const context = contextFaults(readFileSync(join(root, '.dockerignore'), 'utf8'), inputsOfAll());
  return [...dockerfileFaults(read('Dockerfile')), ...composeFaults(read('compose.yaml')), ...context];
}
