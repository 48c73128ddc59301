import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program for EDGE_KAMAILIO that runs Kamailio with more in its environment: the agent gives it one of its own. LD_PRELOAD is added to the agent's. */
export const kamailioWith = ({ LD_PRELOAD, ...env }: Readonly<Record<string, string>>, folder: string): string => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = join(bin, 'kamailio');
  const words = [`LD_PRELOAD="$LD_PRELOAD:${LD_PRELOAD}"`, ...Object.entries(env).map(([name, value]) => `${name}='${value}'`)];
  writeFileSync(script, `#!/bin/sh\n${words.join(' ')} exec kamailio "$@"\n`);
  chmodSync(script, 0o755);
  return script;
};
