import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { SHARED_PORT_PAGES, sharedPortPage } from './shared-port-page.ts';
import type { SharedPort } from './visit-shared-port.ts';

const link: SharedPort['link'] = {
  ...{ tenantId: '', id: '', orderId: '', allows: ['upload', 'sign'], expiresAt: new Date('2026-12-01T10:00:00Z') },
  ...{ revokedAt: null, usedAt: null, createdBy: '', createdAt: new Date(0) },
};
const letter: SharedPort['letter'] = {
  ...{ subscriberName: 'Ann & <Sons>', addressLines: ['1 "Main" St'], accountNumber: '1', billingNumber: null, losingCarrier: 'Bell' },
  ...{ gainingCarrier: 'Us', numbers: ['+12125550100'], numbersStay: false, numbersHash: 'ab', signerName: 'Jane' },
};
const documents = [
  { kind: 'letter_of_authority', maxAgeDays: 30, fault: 'It must be signed' },
  { kind: 'bill', maxAgeDays: 30, fault: null },
] as const;
const html = sharedPortPage({ link, documents, letter, numberCount: 1 }, 'I let <them>');
const inside = (tag: string): string => new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html)?.[1] ?? '';

it('runs the one script and has the one style that its policy lets in', () => {
  for (const tag of ['script', 'style'])
    expect(SHARED_PORT_PAGES.headers['content-security-policy']).toContain(
      `'sha256-${createHash('sha256').update(inside(tag)).digest('base64')}'`,
    );
  expect(() => new Script(inside('script'))).not.toThrow();
  expect(html).not.toMatch(/ on\w+=| style=|https?:/);
});

it('shows what others wrote as text', () => {
  expect(html).toContain('Ann &amp; &lt;Sons&gt;');
  expect(html).toContain('1 &quot;Main&quot; St');
  expect(html).toContain('I let &lt;them&gt;');
});

it('names every field, and tells what became of it to who cannot see', () => {
  const ids = [...html.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['signer-name', 'signer-title', 'file-bill', 'date-bill']); // a letter is signed here, so no scan of one is asked for
  for (const id of ids) expect(html).toContain(`<label for="${id}">`);
  expect(html.match(/role="status"/g)).toHaveLength(2);
});

it('asks for nothing that its link is not for', () => {
  const page = sharedPortPage({ link: { ...link, allows: ['sign'] }, documents, letter: null, numberCount: 2 }, '');
  expect(page).toContain('Nothing is needed from you at the moment');
});
