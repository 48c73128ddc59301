// @ts-expect-error: plain JavaScript without declarations
import { needsEyes } from './child-log.mjs';

it.each(['{"level":30,"msg":"request"}', '{"level":"info","msg":"gateway link up"}'])('keeps %s in the file', (line) =>
  expect(needsEyes(line)).toBe(false),
);
it.each(['{"level":40,"msg":"x"}', '{"level":"error","msg":"x"}', 'Error: plain text', '{broken'])('shows %s', (line) =>
  expect(needsEyes(line)).toBe(true),
);
