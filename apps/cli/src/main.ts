#!/usr/bin/env node
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { run } from './run.ts';

/** One line of standard input; on a terminal with a prompt, and without showing what is typed. */
const readSecret = (prompt: string): Promise<string> =>
  new Promise((done) => {
    const stdin = process.stdin;
    const stderr = process.stderr;
    if (stdin.isTTY) stderr.write(prompt);
    const unseen = new Writable({ write: (_chunk, _encoding, next) => next() });
    const lines = createInterface({ input: stdin, output: unseen, terminal: stdin.isTTY === true });
    let answer = '';
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      if (stdin.isTTY) stderr.write('\n');
      done(answer);
    });
  });

process.stdout.on('error', () => process.exit(0)); // `trunkline calls list | head` closes it
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  readSecret,
});
