import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the decision bundle in a process of its own, as the product's entry points do. */
export const buildBundle = (): void => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../tools/build-edge-bundle.mjs', import.meta.url))], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
};
