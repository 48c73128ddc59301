import { createHash } from 'node:crypto';
import { pageHeaders } from './page-headers.ts';

const STYLE = `:root{color-scheme:light dark;--line:#8888;--soft:#8881}
body{font:1rem/1.55 system-ui,sans-serif;max-width:var(--wide,42rem);margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2.2rem}a{color:inherit}
dl{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.3rem 1.2rem}dt{opacity:.75}dd{margin:0}
pre{background:var(--soft);padding:1rem;border-radius:.4rem;white-space:pre-wrap}:focus-visible{outline:3px solid #27e;outline-offset:2px}`;

const FORM_STYLE = `fieldset{min-width:0;margin:0;padding:0 1rem 1rem;border:1px solid var(--line);border-radius:.4rem}legend{font-weight:600;padding:0 .4rem}
label{display:block;margin:1rem 0 .2rem}label.check{display:flex;gap:.6rem;align-items:start}
input,button{font:inherit;padding:.5rem;max-width:100%;box-sizing:border-box}input:is([type=text],[type=password]){width:100%}
button{margin-top:1.2rem;padding:.6rem 1.4rem;cursor:pointer}[aria-disabled]{opacity:.6;cursor:default}[aria-invalid]{outline:2px solid #d33}
[role=status]{margin:1rem 0;min-height:1.6rem;font-weight:600}`;

// a button that sends stays where the focus is; what became of it is told below, and the field that was refused gets the focus
const FORM_SCRIPT = `'use strict';
const tell=(form,text)=>{const out=form.querySelector('[role=status]');out.textContent=text;return out;};
const send=async(form,url,init)=>{
  const button=form.querySelector('button');if(button.ariaDisabled)return;
  button.ariaDisabled='true';for(const field of form.elements)field.removeAttribute('aria-invalid');tell(form,'Sending …');
  try{
    const response=await fetch(url,{method:'POST',...init});
    if(response.ok){form.querySelector('fieldset').disabled=true;tell(form,form.dataset.done).focus();return;}
    const problem=await response.json();const [fault={}]=problem.errors||[];
    tell(form,fault.detail||problem.detail||'That did not work. Try again later.');
    const field=form.elements[(fault.pointer||'').split('/').pop()];
    if(field){field.setAttribute('aria-invalid','true');field.focus();}
  }catch{tell(form,'No connection. Try again later.');}
  button.ariaDisabled=null;
};`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** As text, between tags or as the value of an attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What pages of one kind have beside the common look. `formScript` follows the one that sends forms. */
export type PageKind = { readonly style?: string; readonly formScript?: string };
export type Pages = { readonly headers: Readonly<Record<string, string>>; write(title: string, main: string, nav?: string): string };

/** Small pages for people: one style, one script at most, nothing from elsewhere, and a policy that lets in those two alone. `title` and `main` are HTML. */
export const pagesOf = ({ style = '', formScript }: PageKind): Pages => {
  const css = `${STYLE}${formScript === undefined ? '' : FORM_STYLE}${style}`;
  const script = formScript === undefined ? undefined : `${FORM_SCRIPT}${formScript}`;
  const policy = `style-src ${hashOf(css)}${script === undefined ? '' : `; script-src ${hashOf(script)}; connect-src 'self'`}`;
  const foot = script === undefined ? '' : `<noscript><p>This page needs JavaScript.</p></noscript><script>${script}</script>`;
  return {
    headers: { ...pageHeaders(policy), 'content-type': 'text/html; charset=utf-8' },
    write: (title, main, nav = '') =>
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Trunkline</title><style>${css}</style></head><body>${nav}<main><h1>${title}</h1>${main}</main>${foot}</body></html>`,
  };
};
