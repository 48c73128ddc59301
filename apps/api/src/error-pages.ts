import { escapeHtml, pagesOf } from '@trunkline/platform';
import type { DocumentedCode } from './error-codes.ts';

const STYLE = `:root{--wide:58rem}nav{font-size:.9rem}nav a{margin-right:1rem}code,pre{font-family:ui-monospace,monospace;font-size:.92em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td:nth-child(2){white-space:nowrap}
@media(min-width:40rem){td:first-child{white-space:nowrap}}
@media(max-width:40rem){tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}tr:first-child{display:none}td{display:block;border:0;padding:0}td:nth-child(2){font-size:.85rem;opacity:.75}}`;
const PAGES = pagesOf({ style: STYLE });
export const HEADERS = PAGES.headers;

/** What a client does about an answer, by its status. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'Nothing was changed. Mend the request: each entry of <code>errors</code> names a field by JSON pointer.',
  401: 'Nothing was changed. Send a key that is valid as <code>Authorization: Bearer …</code>.',
  402: 'Nothing was changed. Pay, or top up, then send the request again.',
  403: 'Nothing was changed. Use a key that may do this.',
  404: 'There is nothing of that id that this key may know of.',
  409: 'Nothing was changed: something else stands in the way. Look at the resource as it is now, then decide.',
  412: 'Nothing was changed. Read the resource again, look at what others did, and send its new ETag.',
  413: 'Nothing was changed. Send less at one time.',
  415: 'Nothing was changed. Send another content type.',
  422: 'Nothing was changed. Use a new Idempotency-Key for a new request.',
  429: 'Nothing was changed. Wait for as many seconds as <code>Retry-After</code> says, then send the request again.',
  500: 'The cause is in our log under <code>request_id</code>. A repeat with the same Idempotency-Key does not act twice.',
  503: 'Send the request again, a little later each time. With the same Idempotency-Key it does not act twice.',
};
const NAV = '<nav><a href="/errors">All codes</a><a href="/reference">API reference</a></nav>';

const table = (caption: string, codes: readonly DocumentedCode[]): string =>
  `<h2>${caption}</h2><table><tr><th scope="col">Code</th><th scope="col">Answer</th><th scope="col">Meaning</th></tr>${codes
    .map(
      (c) => `<tr><td><a href="/errors/${c.code}"><code>${c.code}</code></a></td><td>${c.answer}</td><td>${escapeHtml(c.title)}</td></tr>`,
    )
    .join('')}</table>`;

export const indexPage = ({ api, edge }: { api: readonly DocumentedCode[]; edge: readonly DocumentedCode[] }): string =>
  PAGES.write(
    'Error codes',
    `<p>Codes are stable: programs may rely on them, not on the words beside them.</p>${table('Answers of the API', api)}${table('Reasons of the edge (SIP Reason header, call records)', edge)}`,
    '<nav><a href="/reference">API reference</a></nav>',
  );

const example = ({ code, title, status }: DocumentedCode): string =>
  `<h2>What it looks like</h2><pre>${escapeHtml(JSON.stringify({ type: `/errors/${code}`, title, status, code, detail: title, errors: [], request_id: 'req_01kaq8x4s7fyz8m2q0w3e5r6t7' }, null, 2))}</pre>`;

export const codePage = (one: DocumentedCode): string => {
  const advice =
    one.status === undefined ? 'The call was refused by the edge; its record says so too, under <code>reason</code>.' : ADVICE[one.status];
  const facts = `<dl><dt>Answer</dt><dd>${one.answer}</dd><dt>What to do</dt><dd>${advice ?? ''}</dd></dl>`;
  return PAGES.write(one.code, `<p>${escapeHtml(one.title)}.</p>${facts}${one.status === undefined ? '' : example(one)}`, NAV);
};

export const unknownPage = (): string => PAGES.write('No such code', '<p>This version of Trunkline gives no error of that code.</p>', NAV);
