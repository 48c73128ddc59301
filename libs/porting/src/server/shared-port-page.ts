import { createHash } from 'node:crypto';
import type { SharedPort } from './visit-shared-port.ts';

const STYLE = `:root{color-scheme:light dark;--line:#8888;--soft:#8881}
body{font:1rem/1.55 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2.2rem}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1.2rem}dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}
ul.numbers{columns:2;padding-left:1.2rem;max-height:16rem;overflow:auto}
fieldset{min-width:0;margin:0}label{display:block;margin:1rem 0 .2rem}input,select,button{font:inherit;padding:.5rem;max-width:100%;box-sizing:border-box}
input[type=text]{width:100%}label.check{display:flex;gap:.6rem;align-items:start}
button{margin-top:1.2rem;padding:.6rem 1.4rem;cursor:pointer}:focus-visible{outline:3px solid #06c;outline-offset:2px}
[role=status]{margin-top:1rem;min-height:1.5rem;font-weight:600}`;

// the token is in the address of the page alone: what is sent goes beside it
const SCRIPT = `'use strict';
const base='/v1/shared-ports/'+location.pathname.split('/').pop();
const tell=(form,text)=>{const out=form.querySelector('[role=status]');out.textContent=text;};
const send=async(form,url,init)=>{
  const button=form.querySelector('button');button.disabled=true;tell(form,'Sending …');
  try{
    const response=await fetch(url,{method:'POST',...init});
    if(response.ok){tell(form,'Received, thank you.');form.querySelector('fieldset').disabled=true;return;}
    const problem=await response.json();
    tell(form,((problem.errors||[])[0]||{}).detail||problem.detail||'That did not work. Try again later.');
  }catch{tell(form,'No connection. Try again later.');}
  button.disabled=false;
};
for(const form of document.querySelectorAll('form[data-kind]'))form.addEventListener('submit',(event)=>{
  event.preventDefault();const file=form.elements.file.files[0];
  const query=new URLSearchParams({kind:form.dataset.kind,file_name:file.name.slice(0,120),dated_on:form.elements.dated_on.value});
  void send(form,base+'/documents?'+query,{headers:{'content-type':file.type||'image/tiff'},body:file});
});
const sign=document.querySelector('form[data-sign]');
if(sign)sign.addEventListener('submit',(event)=>{
  event.preventDefault();
  const body={signer_name:sign.elements.signer_name.value,signer_title:sign.elements.signer_title.value||null,numbers_sha256:sign.dataset.sign};
  void send(sign,base+'/sign',{headers:{'content-type':'application/json'},body:JSON.stringify(body)});
});`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** All that the page needs: its own style, its own script, and to send to where it came from. */
export const PAGE_POLICY = `style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; connect-src 'self'`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>${body}</main><script>${SCRIPT}</script></body></html>`;

const KIND_NAMES: Readonly<Record<string, string>> = {
  bill: 'A bill of your present carrier',
  letter_of_authority: 'A letter of authority, signed on paper',
};
const DAYS = (days: number): string => `not older than ${days} days`;

const uploadForm = ({ kind, maxAgeDays, fault }: SharedPort['documents'][number]): string =>
  `<form data-kind="${kind}"><fieldset><legend>${KIND_NAMES[kind] ?? kind}, ${DAYS(maxAgeDays)}</legend>${fault === null ? '<p>There is one already. You may send another.</p>' : ''}<label for="file-${kind}">File: PDF, PNG, JPEG or TIFF, at most 5 MiB</label><input id="file-${kind}" name="file" type="file" required accept="application/pdf,image/png,image/jpeg,image/tiff"><label for="date-${kind}">The date on it</label><input id="date-${kind}" name="dated_on" type="date" required><br><button>Send</button></fieldset><p role="status"></p></form>`;

const row = (name: string, value: string | null): string => (value === null ? '' : `<dt>${name}</dt><dd>${escape(value)}</dd>`);

const letterForm = (letter: NonNullable<SharedPort['letter']>, authority: string): string =>
  `<h2>Letter of authority</h2><dl>${row('Account of', letter.subscriberName)}${row('Address', letter.addressLines.join(', ') || null)}${row('Account number', letter.accountNumber)}${row('Billing number', letter.billingNumber)}${row('From', letter.losingCarrier)}${row('To', letter.gainingCarrier)}</dl><h3>Numbers (${letter.numbers.length})</h3><ul class="numbers" tabindex="0" aria-label="Numbers">${letter.numbers.map((n) => `<li>${escape(n)}</li>`).join('')}</ul><p>${escape(authority)}</p><form data-sign="${letter.numbersHash}"><fieldset><legend>Sign</legend><label for="signer-name">Your full name${letter.signerName === null ? '' : `, as in the order: ${escape(letter.signerName)}`}</label><input id="signer-name" name="signer_name" type="text" required maxlength="80" autocomplete="name"><label for="signer-title">Your position (if the account is a company’s)</label><input id="signer-title" name="signer_title" type="text" maxlength="80" autocomplete="organization-title"><label class="check"><input type="checkbox" required><span>I have read the letter and sign it with my name. When, from which address and with which program is kept as evidence.</span></label><button>Sign</button></fieldset><p role="status"></p></form>`;

/** What somebody with a link sees: what to send, what to sign. */
export const sharedPortPage = ({ link, documents, letter, numberCount }: SharedPort, authority: string): string => {
  const forms = link.allows.includes('upload') ? documents.filter((d) => d.kind !== 'letter_of_authority' || !letter).map(uploadForm) : [];
  const until = link.expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  const intro = `<p>${numberCount === 1 ? 'A telephone number is' : `${numberCount} telephone numbers are`} to move to another carrier. This page takes what is needed for it until ${until} UTC.</p>`;
  const asked = [...(letter ? [letterForm(letter, authority)] : []), ...(forms.length > 0 ? [`<h2>Documents</h2>${forms.join('')}`] : [])];
  return page('Moving your numbers', intro + (asked.join('') || '<p>Nothing is needed from you at the moment.</p>'));
};

export const closedPage = (): string =>
  page('This link is closed', '<p>It has expired, or was taken back. Ask whoever sent it to you for another.</p>');
