// Holds what the pages say to what there is: links and their anchors, files in backticks, npm scripts, and routes of the API.
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join, normalize } from 'node:path';
import { root } from '../bootstrap.mjs';

const PAGES = /^(README\.md|docs\/(how-to\/|runbooks\/)?[\w-]+\.md|(libs|apps)\/[\w-]+\/README\.md|docker\/README\.md)$/;
const FILE = /^(?:[\w.-]+\/)*[\w.-]+\.(?:ts|mjs|md|sql|cfg|prisma|yaml)$/;
const ROUTE = /\b(GET|POST|PATCH|PUT|DELETE) (\/v1\/[\w/{}-]+)/g;

const list = (...args) => execFileSync('git', ['ls-files', ...args], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean); // prettier-ignore
const slug = (heading) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'); // prettier-ignore
const anchorsOf = (text) => new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading)));
/** A parameter may be written as a value: `main` for `{id}`. */
const pattern = (path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

/** What is wrong with a page. @param world `{files, scripts, routes, read(file)}` */
export function pageFaults(page, text, { files, scripts, routes, read }) {
  const faults = [];
  const places = new Set(files.flatMap((file) => [file, ...file.split('/').slice(0, -1).map((_, i, all) => all.slice(0, i + 1).join('/'))])); // prettier-ignore
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    const [path, anchor] = target.split('#');
    if (/^\w+:/.test(target)) continue;
    const file = path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
    if (!places.has(file)) faults.push(`${page}: leads to ${target}, which is not there`);
    else if (anchor && file.endsWith('.md') && !anchorsOf(read(file)).has(anchor)) faults.push(`${page}: ${path} has no heading ${anchor}`);
  }
  for (const [, words] of text.matchAll(/`([^`\n]+)`/g)) {
    if (FILE.test(words) && !files.some((file) => file === words || file.endsWith(`/${words}`) || file === join(dirname(page), words)))
      faults.push(`${page}: there is no file ${words}`);
    for (const [, method, path] of words.matchAll(ROUTE))
      if (!routes.some((route) => route.method === method && route.path.test(path))) faults.push(`${page}: there is no ${method} ${path}`);
  }
  for (const [, script] of text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g))
    if (!scripts.has(script)) faults.push(`${page}: there is no npm script ${script}`);
  return faults;
}

const PLANTED =
  '[a](gone.md) [b](there.md#none) `libs/none.ts` `GET /v1/none` npm run none [c](there.md#here) `GET /v1/things/a` `there.md`';

export function check() {
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const small = {
    files: ['there.md'],
    scripts: new Set(),
    routes: [{ method: 'GET', path: pattern('/v1/things/{id}') }],
    read: () => '# Here',
  };
  const found = pageFaults('page.md', PLANTED, small);
  if (found.length !== 5) return [`of five planted faults these are reported: ${found.join('; ')}`];
  const routes = Object.entries(JSON.parse(read('docs/openapi.json')).paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path: pattern(path) })),
  );
  const files = list('--cached', '--others', '--exclude-standard');
  const world = { files, scripts: new Set(Object.keys(JSON.parse(read('package.json')).scripts)), routes, read };
  return files.filter((file) => PAGES.test(file)).flatMap((page) => pageFaults(page, read(page), world));
}
