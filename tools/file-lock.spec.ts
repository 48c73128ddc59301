import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: plain JavaScript without declarations
import { tryLock, withLock } from './file-lock.mjs';

describe('a file lock', () => {
  const dir = mkdtempSync(join(tmpdir(), 'file-lock-'));
  const file = join(dir, 'it.lock');
  afterAll(() => rmSync(dir, { recursive: true }));

  it('is held by one at a time and names its holder', () => {
    const lock = tryLock(file);
    expect(tryLock(file).holder).toMatchObject({ pid: process.pid });
    lock.release();
    tryLock(file).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['dead', JSON.stringify({ pid: 2 ** 22 + 1, start: '1' })],
    ['replaced by another process of the same pid', JSON.stringify({ pid: process.pid, start: '1' })],
    ['unreadable', ''],
  ])('is taken over when its holder is %s', (_, content) => {
    writeFileSync(file, content);
    tryLock(file).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is released when the work fails', async () => {
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(dir)).toEqual([]);
  });
});
