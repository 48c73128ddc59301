// @ts-expect-error: plain JavaScript without declarations
import { missingPackages } from './bootstrap.mjs';

const lock = {
  packages: {
    '': { version: '1.0.0' },
    'libs/a': { version: '1.0.0' },
    'node_modules/a': { link: true },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/darwin-only': { version: '1.0.0', optional: true },
  },
};
const { '': _root, 'node_modules/darwin-only': _optional, ...installed } = lock.packages;

describe('an installation', () => {
  it('is whole without the optional packages of other platforms', () => {
    expect(missingPackages(lock, { packages: installed })).toEqual([]);
  });

  it.each([
    ['is missing', undefined],
    ['has another version', { version: '2.0.1', integrity: 'sha512-b' }],
    ['has other contents', { version: '2.0.0', integrity: 'sha512-x' }],
  ])('is not whole when a package %s', (_, found) => {
    expect(missingPackages(lock, { packages: { ...installed, 'node_modules/b': found } })).toEqual(['node_modules/b']);
  });
});
