// Builds libs/client/dist as it is published: plain ES modules and their types. `npm pack` runs it first.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { generate } from './generate.mjs';

await generate();
rmSync(join(root, 'libs/client/dist'), { recursive: true, force: true });
const args = ['node_modules/typescript/bin/tsc', '-p', 'libs/client/tsconfig.build.json'];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
process.exitCode = status ?? 1;
