import type { ApiHarness, Call } from './harness.ts';

/** A browser: keeps the cookie it was given, and says where its pages come from. */
export type Browser = {
  readonly call: Call;
  cookie: string | undefined;
  origin: string | undefined;
};

export const ORIGIN = 'http://127.0.0.1:3000';
export const PASSWORD = 'trunks ring twice';

export const browserOf = (api: ApiHarness): Browser => {
  const plain = api.as(undefined);
  const browser: Browser = {
    cookie: undefined,
    origin: ORIGIN,
    call: async (method, url, body, headers = {}) => {
      const own = { ...(browser.cookie && { cookie: browser.cookie }), ...(browser.origin && { origin: browser.origin }) };
      const answer = await plain(method, url, body, { ...own, ...headers });
      const set = answer.headers['set-cookie'];
      if (set !== undefined) browser.cookie = String(set).split(';')[0];
      return answer;
    },
  };
  return browser;
};

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

/** The outbox as the operator's page shows it, the newest first. */
export const outbox = async (api: ApiHarness): Promise<{ subject: string; to: string; body: string; token: string }[]> => {
  const { status, body: page } = await api.operator('GET', '/dev/mail');
  if (status !== 200) throw new Error(`the outbox answered ${status}`);
  const plain = (text = '') => text.replace(/&(lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  return [...String(page).matchAll(/<h2>(.*?)<\/h2><p>to (\S+),.*?<pre>(.*?)<\/pre>/gs)].map(([, subject, to, text]) => {
    const body = plain(text);
    return { subject: plain(subject), to: plain(to), body, token: /#([\w-]{43})/.exec(body)?.[1] ?? '' };
  });
};
export const tokenFor = async (api: ApiHarness, email: string): Promise<string> => {
  const mail = (await outbox(api)).find(({ to, token }) => to === email && token !== '');
  if (!mail) throw new Error(`no mail with a link for ${email}`);
  return mail.token;
};

/** A browser whose person has a place: invited by the operator, accepted, logged in. */
export const memberOf = async (api: ApiHarness, tenantId: string, role: string, email: string): Promise<Browser> => {
  const headers = { 'trunkline-tenant': tenantId };
  const invited = await api.operator('POST', '/v1/invitations', { email, role }, headers);
  if (invited.status !== 201) throw new Error(`not invited: ${JSON.stringify(invited.body)}`);
  return enter(api, email);
};
export const staff = async (api: ApiHarness, role: string, email: string): Promise<Browser> => {
  await api.operator('POST', '/v1/operator-invitations', { email, role });
  return enter(api, email);
};
const enter = async (api: ApiHarness, email: string): Promise<Browser> => {
  const browser = browserOf(api);
  const token = await tokenFor(api, email);
  const joined = await browser.call('POST', '/v1/invitations/accept', { token, name: email, password: PASSWORD });
  if (joined.status !== 201) throw new Error(`not joined: ${JSON.stringify(joined.body)}`);
  await logIn(browser, email);
  return browser;
};
export const logIn = (browser: Browser, email: string, more: object = {}) =>
  browser.call('POST', '/v1/sessions', { email, password: PASSWORD, ...more });
