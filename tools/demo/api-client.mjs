// A few lines over fetch for the demo: it speaks to the public API only, as any customer would.

/** @returns a caller `(method, path, body?) → the answer's body`; throws with the problem's code and detail on any refusal */
export function apiClient(apiUrl, key, tenant) {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, ...(tenant ? { 'trunkline-tenant': tenant } : {}) };
    if (body !== undefined) headers['content-type'] = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await fetch(apiUrl + path, { method, headers, body: typeof body === 'object' ? JSON.stringify(body) : body });
    const text = await answer.text();
    const value = text === '' ? undefined : JSON.parse(text);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${value?.code}: ${value?.detail}`);
    return value;
  };
}

/** Asks until `done(value)` holds. @throws after `timeoutMs`, saying what was awaited */
export async function until(what, ask, done, { timeoutMs = 20_000, everyMs = 25 } = {}) {
  for (const end = Date.now() + timeoutMs; ;) {
    const value = await ask();
    if (done(value)) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    await new Promise((r) => setTimeout(r, everyMs));
  }
}
