import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('full-disk.c', import.meta.url));

/** A disk that can be filled. It is full for processes that were started with `library` in LD_PRELOAD, and for files below its folder. */
export type FullDisk = { readonly library: string; fill(): void; free(): void; remove(): void };

export const fullDisk = (folder: string): FullDisk => {
  const own = mkdtempSync(join(tmpdir(), 'tl-full-disk-'));
  chmodSync(own, 0o755); // a server under another user looks, too
  const [flag, library] = [join(own, 'full'), join(own, 'full-disk.so')];
  const names = [`-DFLAG="${flag}"`, `-DFOLDER="${folder.replace(/\/?$/, '/')}"`];
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-O2', ...names, '-o', library, SOURCE, '-ldl'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc failed: ${stderr}`);
  return {
    library,
    fill: () => writeFileSync(flag, ''),
    free: () => rmSync(flag, { force: true }),
    remove: () => rmSync(own, { recursive: true, force: true }),
  };
};
