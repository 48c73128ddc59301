import { faultOfUrl } from './webhook-url.ts';

it.each(['https://example.com/hook?a=b', 'https://example.com:8443/', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
  '%s may be sent to',
  (url) => expect(faultOfUrl(url, false)).toBeUndefined(),
);

it.each([
  ...[
    'http://example.com/',
    'ftp://example.com/',
    'https://user@example.com/',
    'https://user:pw@example.com/',
    'https://example.com:22/',
    'https://example.com/#x',
  ],
  ...[
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://0/',
  ],
  ...[
    'https://169.254.169.254./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://10.0.0.1:8443/',
    'example.com',
    '',
  ],
])('%s may not', (url) => expect(faultOfUrl(url, false)).toEqual(expect.any(String)));

it('lets development send to itself', () => {
  expect(faultOfUrl('http://127.0.0.1:9000/', true)).toBeUndefined();
  expect(faultOfUrl('file:///etc/passwd', true)).toEqual(expect.any(String));
});
