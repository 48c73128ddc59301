import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('an edge built for an image', () => {
  const out = mkdtempSync(join(tmpdir(), 'tl-build-edge-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('runs without node_modules and says what it needs', () => {
    execFileSync(process.execPath, ['tools/build-edge.mjs', out], { env: { PATH: process.env['PATH'] } });
    for (const file of ['decision.js', 'kamailio/kamailio.cfg', 'kamailio/spool.sql']) expect(existsSync(join(out, file))).toBe(true);
    const { status, stderr, stdout } = spawnSync(process.execPath, ['agent/main.mjs'], { cwd: out, env: {}, encoding: 'utf8' });
    expect({ status, words: stderr + stdout }).toEqual({ status: 1, words: expect.stringContaining('EDGE_SIP_ADDRESS') });
  });
});
