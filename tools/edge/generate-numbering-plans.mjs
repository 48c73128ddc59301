#!/usr/bin/env node
// Writes libs/edge-core/src/numbering/{country-prefixes,dialling-plans}.ts from libphonenumber's metadata:
//   node tools/edge/generate-numbering-plans.mjs
// Which country a dial prefix belongs to is read out of the number patterns themselves, so that countries which share a calling code
// (+1, +7, +44, +39, …) are told apart by the shortest prefixes that suffice.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const metadata = createRequire(import.meta.url)('libphonenumber-js/metadata.max.json');
const NANP = '1';
const MAX_NATIONAL_DIGITS = 6;

// --- the part of regular expressions that the metadata uses, as a tree that can be asked "what is left after this digit?" -----------
const EMPTY = { kind: 'seq', parts: [] };
const seq = (parts) =>
  parts.some((p) => p === null) ? null : { kind: 'seq', parts: parts.flatMap((p) => (p.kind === 'seq' ? p.parts : [p])) };
const alt = (options) => {
  const live = options.filter((o) => o !== null);
  return live.length === 0 ? null : live.length === 1 ? live[0] : { kind: 'alt', options: live };
};
const digits = (text) => {
  const set = new Set();
  for (let i = 0; i < text.length; i++) {
    if (text[i + 1] !== '-') set.add(text[i]);
    else for (let c = +text[i], end = +text[(i += 2)]; c <= end; c++) set.add(String(c));
  }
  return set;
};

function parse(pattern) {
  let at = 0;
  const alternatives = () => {
    const options = [sequence()];
    while (pattern[at] === '|') {
      at++;
      options.push(sequence());
    }
    return alt(options);
  };
  const sequence = () => {
    const parts = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') parts.push(repeated(atom()));
    return seq(parts);
  };
  const atom = () => {
    if (pattern.startsWith('(?:', at)) {
      at += 3;
      const inner = alternatives();
      at++;
      return inner;
    }
    if (pattern.startsWith('\\d', at)) return ((at += 2), { kind: 'set', set: digits('0-9') });
    if (pattern[at] === '[') {
      const end = pattern.indexOf(']', at);
      const set = digits(pattern.slice(at + 1, end));
      at = end + 1;
      return { kind: 'set', set };
    }
    if (!/\d/.test(pattern[at])) throw new Error(`unexpected ${pattern[at]} in ${pattern}`);
    return { kind: 'set', set: new Set(pattern[at++]) };
  };
  const repeated = (node) => {
    if (pattern[at] === '?') return (at++, alt([node, EMPTY]));
    if (pattern[at] !== '{') return node;
    const end = pattern.indexOf('}', at);
    const [min, max = min] = pattern
      .slice(at + 1, end)
      .split(',')
      .map(Number);
    at = end + 1;
    return seq([...Array(min).fill(node), ...Array(max - min).fill(alt([node, EMPTY]))]);
  };
  return alternatives();
}

const nullable = (n) => (n.kind === 'seq' ? n.parts.every(nullable) : n.kind === 'alt' ? n.options.some(nullable) : false);
/** What may follow once `digit` was read; null when nothing can. */
function after(node, digit) {
  if (node.kind === 'set') return node.set.has(digit) ? EMPTY : null;
  if (node.kind === 'alt') return alt(node.options.map((o) => after(o, digit)));
  const options = [];
  for (let i = 0; i < node.parts.length; i++) {
    const rest = after(node.parts[i], digit);
    if (rest !== null) options.push(seq([rest, ...node.parts.slice(i + 1)]));
    if (!nullable(node.parts[i])) break;
  }
  return alt(options);
}

// --- prefixes ---------------------------------------------------------------------------------------------------------------------
const patternOf = (country) => {
  const [, , national, , , , , , , , , types] = metadata.countries[country];
  const known = (types || []).filter(Boolean).map((t) => t[0]);
  return alt((known.length > 0 ? known : [national]).map(parse));
};

/** The labels below a national prefix: one country when all that can follow agrees, else a list of [longer prefix, country]. */
function label(prefix, alive, depth, shortest) {
  if ((alive.length === 1 && depth >= shortest) || depth === MAX_NATIONAL_DIGITS) return alive[0].country;
  const children = [];
  for (const digit of '0123456789') {
    const next = alive.flatMap(({ country, node }) => {
      const rest = after(node, digit);
      return rest === null ? [] : [{ country, node: rest }];
    });
    if (next.length > 0) children.push([prefix + digit, label(prefix + digit, next, depth + 1, shortest)]);
  }
  const first = children[0]?.[1];
  if (children.length === 0) return alive[0].country;
  if (depth >= shortest && typeof first === 'string' && children.every(([, l]) => l === first)) return first;
  return children.flatMap(([p, l]) => (typeof l === 'string' ? [[p, l]] : l));
}

function prefixesOf(code, countries) {
  if (countries.length === 1) return [[code, countries[0]]];
  const labels = label(
    code,
    countries.map((country) => ({ country, node: patternOf(country) })),
    0,
    code === NANP ? 3 : 0,
  );
  const list = typeof labels === 'string' ? [[code, labels]] : labels;
  // outside North America the rest of the code is the main country's; there, labels are whole area codes and an unassigned one stays unknown
  return code === NANP ? list : [[code, countries[0]], ...list.filter(([, country]) => country !== countries[0])];
}

const codes = Object.entries(metadata.country_calling_codes).filter(([, countries]) => countries.every((c) => /^[A-Z]{2}$/.test(c)));
const byCountry = {};
for (const [code, countries] of codes)
  for (const [prefix, country] of prefixesOf(code, countries)) (byCountry[country] ??= []).push(prefix);

// --- dialling plans -----------------------------------------------------------------------------------------------------------------
const mobileExamples = createRequire(import.meta.url)('libphonenumber-js/mobile/examples');
const planOf = (country) => {
  const m = metadata.countries[country];
  const international = /^\d+$/.test(m[12] || '') ? m[12] : /^\d+$/.test(m[1]) ? m[1] : '00';
  const own = m[0] === NANP ? '1' : m[5] || '';
  return [m[0], international.replace('~', ''), own, (mobileExamples[country] || '').length || ''].join(' ');
};

const write = (name, text) => writeFileSync(fileURLToPath(new URL(`../../libs/edge-core/src/numbering/${name}`, import.meta.url)), text);
const entries = (record, value) =>
  Object.keys(record)
    .sort()
    .map((c) => `  ${c}: '${value(c)}',`)
    .join('\n');
const head = `// Made by tools/edge/generate-numbering-plans.mjs from libphonenumber metadata ${metadata.version}; do not edit.\n`;
write(
  'country-prefixes.ts',
  `${head}/** Dial prefixes (digits after the +) of each ISO 3166-1 country; the longest match wins, no match means unknown. */
export const COUNTRY_PREFIXES: Readonly<Record<string, string>> = {\n${entries(byCountry, (c) => byCountry[c].join(' '))}\n};\n`,
);
write(
  'dialling-plans.ts',
  `${head}/** Per country: calling code, international prefix, national (trunk) prefix or nothing, usual length of a national number. */
export const DIALLING_PLANS: Readonly<Record<string, string>> = {\n${entries(metadata.countries, planOf)}\n};\n`,
);
