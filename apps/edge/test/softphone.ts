import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ADDRESS = '127.0.53.2';
/** No sound card: what it hears is what it says. */
const CONFIG = `poll_method epoll
sip_listen ${ADDRESS}:5080
net_interface ${ADDRESS}
rtp_ports 20000-20100
audio_player aubridge,loop
audio_source aubridge,loop
audio_alert aubridge,none
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
`;

/** baresip, a real telephone without a screen, with that line in its accounts. It takes every call, and places one to `dial`. */
export const startSoftphone = (account: string, dial?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'tl-softphone-'));
  writeFileSync(join(folder, 'config'), CONFIG);
  writeFileSync(join(folder, 'accounts'), `${account};answermode=auto\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'contacts'), '');
  const phone = spawn('baresip', ['-f', folder, ...(dial === undefined ? [] : ['-e', `/dial ${dial}`])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [phone.stdout, phone.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return {
    output: (): string => said,
    /** It takes its registration back before it ends. */
    stop: async (): Promise<void> => {
      const ended = once(phone, 'exit');
      phone.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
