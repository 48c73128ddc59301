import { escapeHtml, pagesOf } from '@trunkline/platform';
import { PASSWORD_MAX, PASSWORD_MIN } from '../core/password.ts';

// what stands behind the # no server sees: the page reads it and sends it in a body
const SCRIPT = `
const form=document.querySelector('form');const token=location.hash.slice(1);
if(!/^[\\w-]{43}$/.test(token)){form.querySelector('fieldset').disabled=true;tell(form,'This link is not whole. Open it from the mail again.');}
form.addEventListener('submit',(event)=>{
  event.preventDefault();const body={token};
  for(const {name,value} of form.querySelectorAll('input'))if(value)body[name]=value;
  void send(form,form.dataset.to,{headers:{'content-type':'application/json'},body:JSON.stringify(body)});
});`;
const PAGES = pagesOf({ formScript: SCRIPT });
export const MAILED_LINK_HEADERS = PAGES.headers;

type Form = { readonly title: string; readonly intro: string; readonly to: string; readonly button: string; readonly done: string };

const password = (label: string, required: string): string =>
  `<label for="password">${label}, at least ${PASSWORD_MIN} characters</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="${PASSWORD_MIN}" maxlength="${PASSWORD_MAX}"${required}>`;
const NEW_HERE = `<label for="name">Your name</label><input id="name" name="name" type="text" maxlength="120" autocomplete="name">${password('A password', '')}`;

const page = ({ title, intro, to, button, done }: Form, fields: string): string =>
  PAGES.write(
    title,
    `<p>${intro}</p><form data-to="${to}" data-done="${escapeHtml(done)}"><fieldset><legend>You</legend>${fields}<button>${button}</button></fieldset><p role="status" tabindex="-1"></p></form>`,
  );

const KNOWN = 'If you have an account here already, leave both fields empty.';
const LOG_IN = 'You can log in now with the address that the mail was sent to.';

export const acceptInvitationPage = (): string =>
  page(
    {
      ...{ title: 'Accept the invitation', intro: `Choose how you are called and a password. ${KNOWN}`, button: 'Accept' },
      ...{ to: '/v1/invitations/accept', done: `You are in. ${LOG_IN}` },
    },
    NEW_HERE,
  );

/** @param isApproved whether the operator looks at who signed up, before calls are let through */
export const confirmSignUpPage = (isApproved: boolean): string =>
  page(
    {
      ...{ title: 'Open your account', intro: `Choose how you are called and a password. ${KNOWN}`, button: 'Open the account' },
      ...{
        to: '/v1/sign-ups/confirm',
        done: `Your account is open. ${LOG_IN}${isApproved ? ' Calls wait until the operator has approved it.' : ''}`,
      },
    },
    NEW_HERE,
  );

export const resetPasswordPage = (): string =>
  page(
    {
      ...{ title: 'Choose a new password', intro: 'Every session of yours ends with it.', button: 'Change the password' },
      ...{ to: '/v1/password-resets/confirm', done: `Your password is changed. ${LOG_IN}` },
    },
    password('The new password', ' required'),
  );
