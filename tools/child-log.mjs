// Where a child's output goes: all of it into a file of its own, and what needs a person's eye to the terminal as well.
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const KEPT_BYTES = 64 * 1024 * 1024;
const WARNING = 40; // pino's number for `warn`

/** False for a structured log line below a warning: routine, kept in the file only. */
export const needsEyes = (line) => {
  if (!line.startsWith('{')) return true;
  try {
    const { level } = JSON.parse(line);
    return typeof level === 'number' ? level >= WARNING : !['debug', 'info'].includes(level);
  } catch {
    return true;
  }
};

/**
 * Follows a child's two streams. A file over 64 MB is set aside as `<name>.log.1` when the child starts.
 * @param streams stdout and stderr of the child
 */
export function followOutput(name, streams, dir) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, `${name}.log`);
  if (existsSync(file) && statSync(file).size > KEPT_BYTES) renameSync(file, `${file}.1`);
  const out = createWriteStream(file, { flags: 'a', mode: 0o600 });
  out.on('error', () => {}); // a full disk must not stop what is being logged
  let open = streams.length;
  for (const stream of streams)
    createInterface({ input: stream })
      .on('line', (line) => {
        out.write(`${line}\n`);
        if (needsEyes(line)) console.log(`${name} | ${line}`);
      })
      .on('close', () => --open === 0 && out.end());
}
