import { DOCUMENT_BYTES_MAX, escapeHtml, pagesOf } from '@trunkline/platform';
import type { SharedPort } from './visit-shared-port.ts';

// all numbers of a letter are seen by whoever signs it: they go on downwards
const STYLE = `ul.numbers{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.1rem 1rem;list-style:none;margin:0;padding:.6rem;max-height:18rem;overflow-y:auto;border:1px solid var(--line);border-radius:.4rem}`;

// the token is in the address of the page alone: what is sent goes beside it
const SCRIPT = `
const base='/v1/shared-ports/'+location.pathname.split('/').pop();
for(const form of document.querySelectorAll('form[data-kind]'))form.addEventListener('submit',(event)=>{
  event.preventDefault();const file=form.elements.file.files[0];
  if(file.size>${DOCUMENT_BYTES_MAX}){tell(form,'This file is larger than 5 MiB.');return;}
  const query=new URLSearchParams({kind:form.dataset.kind,file_name:file.name.slice(0,120),dated_on:form.elements.dated_on.value});
  void send(form,base+'/documents?'+query,{headers:{'content-type':file.type||'image/tiff'},body:file});
});
const sign=document.querySelector('form[data-sign]');
if(sign)sign.addEventListener('submit',(event)=>{
  event.preventDefault();
  const body={signer_name:sign.elements.signer_name.value,signer_title:sign.elements.signer_title.value||null,numbers_sha256:sign.dataset.sign};
  void send(sign,base+'/sign',{headers:{'content-type':'application/json'},body:JSON.stringify(body)});
});`;

export const SHARED_PORT_PAGES = pagesOf({ style: STYLE, formScript: SCRIPT });
const { write } = SHARED_PORT_PAGES;

const KIND_NAMES: Readonly<Record<string, string>> = {
  bill: 'A bill of your present carrier',
  letter_of_authority: 'A letter of authority, signed on paper',
};
const DAYS = (days: number): string => `not older than ${days} days`;

const uploadForm = ({ kind, maxAgeDays, fault }: SharedPort['documents'][number]): string =>
  `<form data-kind="${kind}" data-done="Received, thank you."><fieldset><legend>${KIND_NAMES[kind] ?? kind}, ${DAYS(maxAgeDays)}</legend>${fault === null ? '<p>There is one already. You may send another.</p>' : ''}<label for="file-${kind}">File: PDF, PNG, JPEG or TIFF, at most 5 MiB</label><input id="file-${kind}" name="file" type="file" required accept="application/pdf,image/png,image/jpeg,image/tiff"><label for="date-${kind}">The date on it</label><input id="date-${kind}" name="dated_on" type="date" required><br><button>Send</button></fieldset><p role="status" tabindex="-1"></p></form>`;

const row = (name: string, value: string | null): string => (value === null ? '' : `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);

const letterForm = (letter: NonNullable<SharedPort['letter']>, authority: string): string =>
  `<h2>Letter of authority</h2><dl>${row('Account of', letter.subscriberName)}${row('Address', letter.addressLines.join(', ') || null)}${row('Account number', letter.accountNumber)}${row('Billing number', letter.billingNumber)}${row('From', letter.losingCarrier)}${row('To', letter.gainingCarrier)}</dl><h3>Numbers (${letter.numbers.length})</h3><ul class="numbers" tabindex="0" aria-label="Numbers">${letter.numbers.map((n) => `<li>${escapeHtml(n)}</li>`).join('')}</ul><p>${escapeHtml(authority)}</p><form data-sign="${letter.numbersHash}" data-done="Signed, thank you. The letter is kept with the order."><fieldset><legend>Sign</legend><label for="signer-name">Your full name${letter.signerName === null ? '' : `, as in the order: ${escapeHtml(letter.signerName)}`}</label><input id="signer-name" name="signer_name" type="text" required maxlength="80" autocomplete="name"><label for="signer-title">Your position (if the account is a company’s)</label><input id="signer-title" name="signer_title" type="text" maxlength="80" autocomplete="organization-title"><label class="check"><input type="checkbox" required><span>I have read the letter and sign it with my name. When, from which address and with which program is kept as evidence.</span></label><button>Sign</button></fieldset><p role="status" tabindex="-1"></p></form>`;

/** What somebody with a link sees: what to send, what to sign. */
export const sharedPortPage = ({ link, documents, letter, numberCount }: SharedPort, authority: string): string => {
  const forms = link.allows.includes('upload') ? documents.filter((d) => d.kind !== 'letter_of_authority' || !letter).map(uploadForm) : [];
  const until = link.expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  const intro = `<p>${numberCount === 1 ? 'A telephone number is' : `${numberCount} telephone numbers are`} to move to another carrier. This page takes what is needed for it until ${until} UTC.</p>`;
  const asked = [...(letter ? [letterForm(letter, authority)] : []), ...(forms.length > 0 ? [`<h2>Documents</h2>${forms.join('')}`] : [])];
  return write('Moving your numbers', intro + (asked.join('') || '<p>Nothing is needed from you at the moment.</p>'));
};

export const busyPage = (): string =>
  write('Too many visits at once', '<p>From your address this page was asked for too often. Wait a moment, then load it again.</p>');

export const closedPage = (): string =>
  write('This link is closed', '<p>It has expired, or was taken back. Ask whoever sent it to you for another.</p>');
