// Plays SIPp scenarios: a PBX and a carrier on loopback addresses.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

const SCENARIOS = join(root, 'libs/testing/src/sip/scenarios');

/**
 * Starts one SIPp process.
 * @param options `{scenario, ip, port, remote?, args?, cwd}`; `remote` (ip:port) makes it a caller
 * @returns `{done: Promise<exit code>, stop()}`; SIPp ends by itself after its one call, or after 30 s
 */
export function sipp({ scenario, ip, port, remote, args = [], cwd }) {
  mkdirSync(cwd, { recursive: true });
  const fixed = [
    '-sf',
    join(SCENARIOS, `${scenario}.xml`),
    '-i',
    ip,
    '-p',
    String(port),
    '-m',
    '1',
    '-nostdin',
    '-timeout',
    '30',
    '-timeout_error',
  ];
  const child = spawn('sipp', [...(remote ? [remote] : []), ...fixed, ...args], { cwd, stdio: 'ignore' });
  const done = new Promise((resolve, reject) => child.on('exit', (code) => resolve(code ?? 1)).on('error', reject));
  return { done, stop: () => child.kill('SIGKILL') };
}
