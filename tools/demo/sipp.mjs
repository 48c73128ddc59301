// Plays SIPp scenarios: a PBX and a carrier on loopback addresses.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

const SCENARIOS = join(root, 'libs/testing/src/sip/scenarios');

/**
 * Starts one SIPp process.
 * @param options `{scenario, ip, port, remote?, args?, cwd}`; `remote` (ip:port) makes it a caller
 * @returns `{done: Promise<{exitCode, status}>, stop()}`; a caller ends by itself after its one call, or after 30 s. `status` is the call's final
 *   SIP status, undefined when there was none: to SIPp an orderly refusal is a success
 */
export function sipp({ scenario, ip, port, remote, args = [], cwd }) {
  mkdirSync(cwd, { recursive: true });
  const log = join(cwd, `${scenario}-${ip}.log`);
  rmSync(log, { force: true });
  const fixed = [
    '-sf',
    join(SCENARIOS, `${scenario}.xml`),
    '-i',
    ip,
    '-p',
    String(port),
    '-nostdin',
    '-timeout',
    '30',
    '-timeout_error',
    '-trace_logs',
    '-log_file',
    log,
  ];
  const child = spawn('sipp', [...(remote ? [remote, '-m', '1'] : []), ...fixed, ...args], { cwd, stdio: 'ignore' });
  const done = new Promise((resolve, reject) =>
    child.on('exit', (code) => resolve({ exitCode: code ?? 1, status: lastStatus(log) })).on('error', reject),
  );
  return { done, stop: () => child.kill('SIGKILL') };
}

const lastStatus = (log) => {
  const found = existsSync(log) ? [...readFileSync(log, 'utf8').matchAll(/status (\d{3})/g)].at(-1) : undefined;
  return found && Number(found[1]);
};
