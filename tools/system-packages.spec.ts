// @ts-expect-error: plain JavaScript without declarations
import { TO_TEST, installScript, isNewEnough, notInstalled } from './system-packages.mjs';
import { spawnSync } from 'node:child_process';

describe('the system packages', () => {
  const listing = (TO_TEST as string[]).map((name) => `ii ${name}`);

  it('are complete when dpkg lists each as installed', () => expect(notInstalled(listing.join('\n'), TO_TEST)).toEqual([]));

  it('do not count when only their configuration is left', () => {
    expect(notInstalled([...listing.slice(1), 'rc kamailio'].join('\n'), TO_TEST)).toEqual(['kamailio']);
  });

  it('are not taken for others that begin alike', () => {
    expect(notInstalled(listing.slice(1).join('\n'), TO_TEST)).toEqual(['kamailio']);
  });

  it.each([
    ['version: kamailio 5.6.3 (x86_64/linux)', true],
    ['version: kamailio 6.0.1 (x86_64/linux)', true],
    ['version: kamailio 5.5.4 (x86_64/linux)', false],
    ['', false],
  ])('want Kamailio 5.6: %s → %s', (text, expected) => expect(isNewEnough(text)).toBe(expected));

  it.each([[[]], [['kamailio', 'gcc']]])('are installed by a script that the shell can read: %j', (packages) => {
    const { status, stderr } = spawnSync('sh', ['-n', '-c', installScript(packages)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
