/** A SIP message as far as a test peer needs it. Text is ISO 8859-1, one character a byte, so that any bytes can be sent and compared. */
export type SipMessage = {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
};

export const parseSip = (text: string): SipMessage => {
  const [head = '', ...parts] = text.split('\r\n\r\n');
  const body = parts.join('\r\n\r\n');
  const [startLine = '', ...lines] = head.split('\r\n');
  return {
    startLine,
    headers: lines.map((l) => [l.slice(0, l.indexOf(':')).trim().toLowerCase(), l.slice(l.indexOf(':') + 1).trim()] as const),
    ...(body !== '' && { body }),
  };
};

export const formatSip = ({ startLine, headers, body = '' }: SipMessage): string =>
  [startLine, ...headers.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${body.length}`, '', body].join('\r\n');

export const header = (message: SipMessage, name: string): string | undefined => message.headers.find(([n]) => n === name)?.[1];
export const headers = (message: SipMessage, name: string) => message.headers.filter(([n]) => n === name);
export const statusOf = (message: SipMessage): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message.startLine)?.[1] ?? 0);
export const methodOf = (message: SipMessage): string => message.startLine.split(' ')[0] ?? '';
export const requestUri = (message: SipMessage): string => message.startLine.split(' ')[1] ?? '';

/** One tag for each INVITE: made of its branch, so that all replies to it carry the same. */
const tagFor = (request: SipMessage): string =>
  (/branch=([^;,]+)/.exec(header(request, 'via') ?? '')?.[1] ?? '').replace(/\W/g, '').slice(-24);

/** The reply to a request: its Via, From, To, Call-ID and CSeq, and what is added. */
export const replyTo = (request: SipMessage, status: number, extra: SipMessage['headers'] = []): SipMessage => {
  const copied = request.headers.filter(([n]) => ['via', 'from', 'call-id', 'cseq', 'record-route'].includes(n));
  const to = header(request, 'to') ?? '';
  const tagged = status === 100 || to.includes(';tag=') ? to : `${to};tag=${tagFor(request)}`;
  return { startLine: `SIP/2.0 ${status} Test`, headers: [...copied, ['to', tagged], ...extra] };
};
