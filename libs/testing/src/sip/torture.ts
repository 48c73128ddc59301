/**
 * The 49 messages of RFC 4475, told anew: each keeps what its section is about, and is sent to `edge` (ip:port) so that it is not dropped
 * for its address alone. Text is ISO 8859-1, one character a byte.
 */
export type TortureMessage = { readonly name: string; readonly section: string; readonly text: string };

type Parts = { readonly start: string; readonly lines: readonly string[]; readonly body?: string };

const SDP = [
  'v=0',
  'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
  's=-',
  'c=IN IP4 192.0.2.4',
  't=0 0',
  'm=audio 49217 RTP/AVP 0 12',
  '',
].join('\r\n');
const withBody = (body: string): string[] => ['Content-Type: application/sdp', `Content-Length: ${body.length}`];

/** What a sound message has; a line given under the same name replaces it, `-Name` leaves it out. */
const sound = (method: string, name: string, edge: string, own: readonly string[] = []): string[] => {
  const usual = [
    `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK${name};rport`,
    `From: "Caller" <sip:caller@example.net>;tag=${name}`,
    `To: <sip:user@${edge}>`,
    `Call-ID: ${name}.torture@192.0.2.1`,
    `CSeq: 8 ${method}`,
    'Max-Forwards: 70',
    'Contact: <sip:caller@192.0.2.1:5060>',
    'Content-Length: 0',
  ];
  const nameOf = (line: string): string => line.replace(/^-/, '').split(/[:\s]/)[0]!.toLowerCase();
  const kept = usual.filter((line) => !own.some((o) => nameOf(o) === nameOf(line)));
  return [...kept, ...own.filter((o) => !o.startsWith('-'))];
};

const compose = ({ start, lines, body = '' }: Parts): string => `${[start, ...lines].join('\r\n')}\r\n\r\n${body}`;

export const tortureMessages = (edge: string): readonly TortureMessage[] => {
  const messages: TortureMessage[] = [];
  const add = (section: string, name: string, text: string): void => void messages.push({ section, name, text });
  const request = (section: string, name: string, method: string, own: readonly string[] = [], uri = `sip:user@${edge}`, body = ''): void =>
    add(section, name, compose({ start: `${method} ${uri} SIP/2.0`, lines: sound(method, name, edge, own), body }));
  const invite = (section: string, name: string, own: readonly string[] = [], uri?: string, body = SDP): void =>
    request(section, name, 'INVITE', [...withBody(body), ...own], uri, body);
  const response = (section: string, name: string, status: string, method = 'INVITE', own: readonly string[] = []): void =>
    add(section, name, compose({ start: `SIP/2.0 ${status}`, lines: sound(method, name, edge, ['-Max-Forwards', ...own]) }));

  // 3.1.1: valid, however odd
  add(
    '3.1.1.1',
    'wsinv',
    compose({
      start: `INVITE sip:user@${edge};unknownparam SIP/2.0`,
      lines: [
        `TO :\r\n sip:user@${edge} ;   tag    = 1918181833n`,
        'from   : "Caller \\\\\\""       <sip:caller@example.net>\r\n  ;\r\n  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'Call-ID: wsinv.torture@192.0.2.1',
        `Content-Length   : ${SDP.length}`,
        'cseq: 0009\r\n  INVITE',
        'Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;rport;branch=390skdjuw',
        's :',
        'NewFangledHeader:   newfangled value\r\n continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'Content-Type: application/sdp',
        'v:  SIP  / 2.0  / TCP     192.0.2.3   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:caller@example.net> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33',
      ],
      body: SDP,
    }),
  );
  const odd = "!interesting-Method0123456789_*+`.%indeed'~";
  request(
    '3.1.1.2',
    'intmeth',
    odd,
    [
      'To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7F" <sip:1_unusual.URI~(to-be!sure)&isn\'t+it$/crazy?,/;;*@example.net>',
      "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.net>;fromParam''~+*_!.-%=\"\xD1\x80\xD0\xB0\";tag=_token~1'+`*%!-.",
      `Call-ID: intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{`,
      `CSeq: 139122385 ${odd}`,
      "extensionHeader-!.%*+_`'~: \xEF\xBB\xBF\xE5\xA4\xA7\xE5\x81\x9C\xE9\x9B\xBB",
    ],
    `sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@${edge}`,
  );
  invite(
    '3.1.1.3',
    'esc01',
    [
      'To: sip:%75se%72@example.com',
      'From: <sip:I%20have%20spaces@example.net>;tag=938',
      'Contact:\r\n <sip:cal%6Cer@192.0.2.1:5060;%6C%72;n%61me=v%61lue%25%34%31>',
    ],
    `sip:sips%3Auser%40example.com@${edge}`,
  );
  request(
    '3.1.1.4',
    'escnull',
    'REGISTER',
    [
      'To: sip:null-%00-null@example.com',
      'From: sip:null-%00-null@example.com;tag=839923423',
      'Contact: <sip:%00@192.0.2.1>',
      'Contact: <sip:%00%00@192.0.2.1>',
    ],
    `sip:${edge}`,
  );
  add(
    '3.1.1.5',
    'esc02',
    compose({
      start: `RE%47IST%45R sip:registrar.${edge} SIP/2.0`,
      lines: sound('RE%47IST%45R', 'esc02', edge, [
        'To: "%Z%45" <sip:resource@example.com>',
        'From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23',
      ]),
    }),
  );
  request('3.1.1.6', 'lwsdisp', 'OPTIONS', ['From: caller<sip:caller@example.com>;tag=323'], `sip:${edge}`);
  const long = (text: string, times: number): string => text.repeat(times);
  invite('3.1.1.7', 'longreq', [
    `To: "I have a user name of ${long('extreme', 30)} proportion" <sip:user@example.com:6000;unknownparam1=very${long('long', 60)}value;longparam${long('name', 40)}=shortvalue;very${long('long', 40)}ParameterNameWithNoValue>`,
    `From: sip:${long('amazinglylong', 20)}callername@example.net;tag=12${long('982', 60)}424;unknownheaderparam${long('name', 60)}=unknown${long('value', 60)};unknownValueless${long('paramname', 30)}`,
    `Call-ID: longreq.one${long('really', 60)}longcallid`,
    `Unknown-${long('Long', 60)}-Name: unknown-${long('long', 60)}-value; unknown-${long('long', 60)}-parameter-name = unknown-${long('long', 60)}-parameter-value`,
    ...[...Array(33)].map((_, i) => `Via: SIP/2.0/TCP sip${33 - i}.example.com;branch=z9hG4bK${long('very', 12)}longbranch${i}`),
    `Contact: <sip:${long('amazingly', 30)}longcallername@192.0.2.1>`,
  ]);
  add(
    '3.1.1.8',
    'dblreq',
    `${compose({ start: `REGISTER sip:${edge} SIP/2.0`, lines: sound('REGISTER', 'dblreq', edge) })}${compose({ start: `INVITE sip:user@${edge} SIP/2.0`, lines: sound('INVITE', 'dblreq2', edge, withBody(SDP)), body: SDP })}`,
  );
  request('3.1.1.9', 'semiuri', 'OPTIONS', [], `sip:user;par=u%40example.net@${edge}`);
  request(
    '3.1.1.10',
    'transports',
    'OPTIONS',
    ['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP'].map((t, i) => `Via: SIP/2.0/${t} t${i}.example.com;branch=z9hG4bK${i}transports`),
  );
  const parts = [
    '--7a9cbec02ceef655',
    'Content-Type: text/plain',
    '',
    'Hello',
    '--7a9cbec02ceef655',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: binary',
    '',
    '0\x82\x01R\x06\t*\x86H\x86\xf7\r\x01\x07\x02\xa0\x00\x01\xff',
    '--7a9cbec02ceef655--',
    '',
  ].join('\r\n');
  request(
    '3.1.1.11',
    'mpart01',
    'MESSAGE',
    ['Content-Type: multipart/mixed;boundary=7a9cbec02ceef655', `Content-Length: ${parts.length}`],
    undefined,
    parts,
  );
  response(
    '3.1.1.12',
    'unreason',
    '200 = 2**3 * 5**2 \xD0\xBD\xD0\xBE \xD1\x81\xD1\x82\xD0\xBE \xD0\xB4\xD0\xB5\xD0\xB2\xD1\x8F\xD0\xBD\xD0\xBE\xD1\x81\xD1\x82\xD0\xBE',
    'INVITE',
  );
  response('3.1.1.13', 'noreason', '100 ');

  // 3.1.2: invalid
  invite('3.1.2.1', 'badinv01', [
    'To: sip:j.user@example.com;tag=',
    'Via: SIP/2.0/UDP 192.0.2.15;;,;,,',
    'Contact: "Joe" <sip:joe@example.org>;;;;',
  ]);
  add(
    '3.1.2.2',
    'clerr',
    compose({
      start: `INVITE sip:user@${edge} SIP/2.0`,
      lines: sound('INVITE', 'clerr', edge, ['Content-Type: application/sdp', 'Content-Length: 9999']),
      body: SDP,
    }),
  );
  add(
    '3.1.2.3',
    'ncl',
    compose({
      start: `INVITE sip:user@${edge} SIP/2.0`,
      lines: sound('INVITE', 'ncl', edge, ['Content-Type: application/sdp', 'Content-Length: -999']),
      body: SDP,
    }),
  );
  request(
    '3.1.2.4',
    'scalar02',
    'REGISTER',
    [
      'CSeq: 36893488147419103232 REGISTER',
      'Max-Forwards: 300',
      'Expires: 10000000000000000000000000000000000000000',
      'Contact: <sip:user@192.0.2.1>;expires=280297596632815',
    ],
    `sip:${edge}`,
  );
  response('3.1.2.5', 'scalarlg', '503 Service Unavailable', 'OPTIONS', [
    'CSeq: 9292394834772304023312 OPTIONS',
    'Retry-After: 949302838503028349304023988',
    'Warning: 1812 overture "In Progress"',
  ]);
  invite('3.1.2.6', 'quotbal', ['To: "Mr. J. User <sip:j.user@example.com>']);
  invite('3.1.2.7', 'ltgtruri', [], `<sip:user@${edge}>`);
  invite('3.1.2.8', 'lwsruri', [], `sip:user@${edge}; lr`);
  add(
    '3.1.2.9',
    'lwsstart',
    compose({ start: `INVITE  sip:user@${edge}  SIP/2.0`, lines: sound('INVITE', 'lwsstart', edge, withBody(SDP)), body: SDP }),
  );
  add('3.1.2.10', 'trws', compose({ start: `OPTIONS sip:${edge} SIP/2.0  `, lines: sound('OPTIONS', 'trws', edge) }));
  invite('3.1.2.11', 'escruri', [], `sip:user@${edge}?Route=%3Csip:example.com%3E`);
  invite('3.1.2.12', 'baddate', ['Date: Fri, 01 Jan 2010 16:00:00 EST']);
  request('3.1.2.13', 'regbadct', 'REGISTER', ['Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E'], `sip:${edge}`);
  request('3.1.2.14', 'badaspec', 'OPTIONS', ['To: "Watson, Thomas" < sip:t.watson@example.org >'], `sip:${edge}`);
  request('3.1.2.15', 'baddn', 'OPTIONS', ['From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43'], `sip:${edge}`);
  add(
    '3.1.2.16',
    'badvers',
    compose({
      start: `OPTIONS sip:${edge} SIP/7.0`,
      lines: sound('OPTIONS', 'badvers', edge, ['Via: SIP/7.0/UDP 192.0.2.1;branch=z9hG4bKbadvers']),
    }),
  );
  request('3.1.2.17', 'mismatch01', 'OPTIONS', ['CSeq: 8 INVITE'], `sip:${edge}`);
  request('3.1.2.18', 'mismatch02', 'NEWMETHOD', ['CSeq: 8 INVITE', ...withBody(SDP)], undefined, SDP);
  response('3.1.2.19', 'bigcode', '4294967301 better not break the receiver');

  // 3.2: the transaction layer
  request('3.2.1', 'badbranch', 'OPTIONS', ['Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK'], `sip:${edge}`);

  // 3.3: the application layer
  add(
    '3.3.1',
    'insuf',
    compose({
      start: `INVITE sip:user@${edge} SIP/2.0`,
      lines: ['CSeq: 193942 INVITE', 'Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKinsuf', ...withBody(SDP)],
      body: SDP,
    }),
  );
  request('3.3.2', 'unkscm', 'OPTIONS', [], 'nobodyKnowsThisScheme:totallyopaquecontent');
  request('3.3.3', 'novelsc', 'OPTIONS', [], 'soap.beep://192.0.2.103:3002');
  request(
    '3.3.4',
    'unksm2',
    'REGISTER',
    ['To: isbn:2983792873', 'From: <http://www.example.com>;tag=3234233', 'Contact: <name:John_Smith>'],
    `sip:${edge}`,
  );
  request(
    '3.3.5',
    'bext01',
    'OPTIONS',
    ['Proxy-Require: nothingSupportsThis, nothingSupportsThisEither', 'Require: nothingSupportsThis, nothingSupportsThisEither'],
    `sip:${edge}`,
  );
  const unknown = '<audio>\r\n <pcmu port="443"/>\r\n</audio>\r\n';
  request('3.3.6', 'invut', 'INVITE', ['Content-Type: application/unknownformat', `Content-Length: ${unknown.length}`], undefined, unknown);
  request('3.3.7', 'regaut01', 'REGISTER', ['Authorization: NoOneKnowsThisScheme opaque-data=here'], `sip:${edge}`);
  invite('3.3.8', 'multi01', [
    'CSeq: 5 INVITE',
    'CSeq: 59 INVITE',
    'Call-ID: multi01.one',
    'Call-ID: multi01.two',
    'From: sip:caller@example.com;tag=3413415',
    'From: sip:caller@example.net;tag=2923420123',
    'Max-Forwards: 70',
    'Max-Forwards: 5',
    'To: sip:user@example.com',
    'To: sip:user@example.org',
  ]);
  add(
    '3.3.9',
    'mcl01',
    compose({
      start: `OPTIONS sip:${edge} SIP/2.0`,
      lines: sound('OPTIONS', 'mcl01', edge, ['Content-Length: 13', 'Content-Type: text/plain', 'Content-Length: 5']),
      body: "There's no way to know how many octets are supposed to be here.",
    }),
  );
  response('3.3.10', 'bcast', '200 OK', 'INVITE', [
    'Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923',
    'Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23',
  ]);
  request('3.3.11', 'zeromf', 'OPTIONS', ['Max-Forwards: 0']);
  request('3.3.12', 'cparam01', 'REGISTER', ['Contact: sip:+19725552222@192.0.2.1;unknownparam'], `sip:${edge}`);
  request('3.3.13', 'cparam02', 'REGISTER', ['Contact: <sip:+19725552222@192.0.2.1;unknownparam>'], `sip:${edge}`);
  request('3.3.14', 'regescrt', 'REGISTER', ['Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>'], `sip:${edge}`);
  invite('3.3.15', 'sdp01', ['Accept: text/nobodyKnowsThis']);

  // 3.4: before RFC 3261
  add(
    '3.4.1',
    'inv2543',
    compose({
      start: `INVITE sip:user@${edge} SIP/2.0`,
      lines: [
        'Via: SIP/2.0/UDP 192.0.2.1',
        'From: sip:caller@example.com',
        `To: sip:user@${edge}`,
        'Call-ID: inv2543.1717@192.0.2.1',
        'CSeq: 56 INVITE',
        ...withBody(SDP),
      ],
      body: SDP,
    }),
  );
  return messages;
};
