import { allOf } from '@trunkline/client';
import type { Trunkline } from '@trunkline/client';
import { OPERATIONS } from '@trunkline/client/operations';
import type { Field, Operation } from '@trunkline/client/operations';
import { Command } from 'commander';
import { commandsOf } from './commands.ts';
import type { Command as Offered } from './commands.ts';
import { addDeclarative } from './declarative.ts';
import { UsageError } from './failure.ts';
import { textFrom, valueOf } from './field-values.ts';
import { addLogin } from './login.ts';
import { readable } from './output.ts';
import { clientFor } from './session.ts';
import type { GlobalOptions, Terminal } from './session.ts';

const flag = (name: string): string => `--${name.replaceAll('_', '-')}`;
const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const helpOf = ({ description, required, choices }: Field): string =>
  `${description ?? ''}${choices ? ` (${choices.join(', ')})` : ''}${required ? ' [needed]' : ''}`.trim();

const fieldsIn = (fields: readonly Field[], options: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) => (options[camel(field.name)] === undefined ? [] : [[field.name, valueOf(field, options[camel(field.name)] ?? '')]])),
  ); // prettier-ignore

const wholeBody = (given: string, isJson: boolean): unknown => {
  const text = textFrom(given);
  if (!isJson) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError('--body must be JSON');
  }
};

/** The body from `--body`, with the fields that have an option of their own over it. */
const bodyOf = ({ body }: Operation, options: Readonly<Record<string, string>>): unknown => {
  if (body === undefined) return undefined;
  const isJson = body.type === 'application/json';
  const whole = options['body'] === undefined ? undefined : wholeBody(options['body'], isJson);
  if (!isJson) return whole ?? '';
  return { ...(whole as object | undefined), ...fieldsIn(body.fields, options) };
};

const takesPages = ({ queryParameters }: Operation): boolean => queryParameters.some(({ name }) => name === 'cursor');

const call = async (client: Trunkline, operation: Operation, ids: readonly string[], options: Readonly<Record<string, string>>) => {
  const pathParameters = Object.fromEntries(operation.pathParameters.map(({ name }, i) => [name, ids[i] ?? '']));
  const query = fieldsIn(operation.queryParameters, options);
  const body = bodyOf(operation, options);
  const request = { method: operation.method, path: operation.path, pathParameters, body, contentType: operation.body?.type };
  if (!options['all'] || !takesPages(operation)) return client.request({ ...request, query });
  const data: unknown[] = [];
  for await (const item of allOf((page) =>
    client.request<{ data: unknown[]; next_cursor: string | null }>({ ...request, query: { ...query, ...page } }),
  ))
    data.push(item);
  return { data, next_cursor: null };
};

/** The command that `words` lead to, made on the way. */
const nested = (program: Command, words: readonly string[], tag: string): Command =>
  words.reduce((parent, word) => parent.commands.find((c) => c.name() === word) ?? parent.command(word).description(tag), program);

const addOperation = (program: Command, { words, verb, operation }: Offered, terminal: Terminal): void => {
  const command = nested(program, words, operation.tag).command(verb).summary(operation.summary).description(`${operation.summary}\n\n${operation.description}`); // prettier-ignore
  for (const { name, description } of operation.pathParameters) command.argument(`<${name}>`, description);
  for (const field of operation.queryParameters) command.option(`${flag(field.name)} <value>`, helpOf(field));
  if (takesPages(operation)) command.option('--all', 'every page');
  if (operation.body) command.option('--body <text>', `the whole body (${operation.body.type}): text, @file, or - for standard input`);
  for (const field of operation.body?.fields ?? [])
    if (!command.options.some((option) => option.long === flag(field.name))) command.option(`${flag(field.name)} <value>`, helpOf(field));
  command.action(async (...given: unknown[]) => {
    const ids = given.slice(0, operation.pathParameters.length) as string[];
    const { json, ...global } = program.opts<GlobalOptions>();
    const answer = await call(clientFor(global), operation, ids, command.opts());
    terminal.out(json ? JSON.stringify(answer, null, 2) : readable(answer));
  });
};

/** The whole command line: log-in, the declarative commands, and one command for each operation of the API. */
export const createProgram = (terminal: Terminal): Command => {
  const program = new Command('trunkline')
    .description('The Trunkline API on the command line')
    .option('--api-url <url>', 'where the API is (TRUNKLINE_URL)')
    .option('--tenant <id>', 'the tenant to act on, with a key of the operator')
    .option('--json', 'answers as JSON')
    .helpCommand(false)
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
    .exitOverride();
  addLogin(program, terminal);
  addDeclarative(program, terminal);
  for (const command of commandsOf(OPERATIONS)) addOperation(program, command, terminal);
  return program;
};
