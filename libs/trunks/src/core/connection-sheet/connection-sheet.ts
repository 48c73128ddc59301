import { asterisk, freepbx } from './asterisk.ts';
import { ciscoCube, freeswitch, generic, teamsSbc, threeCx } from './other-families.ts';
import { codecsOf, expiresOf, registers, serverOf, usernameOf, usesDigest, usesTls } from './sheet.ts';
import type { Advice, ConnectionFacts, ConnectionSheet, Family, FirewallRule, PbxFamily, Setting } from './sheet.ts';

const FAMILIES: Readonly<Record<PbxFamily, (facts: ConnectionFacts) => Family>> = {
  '3cx': threeCx,
  freepbx,
  asterisk,
  freeswitch,
  cisco_cube: ciscoCube,
  teams_sbc: teamsSbc,
  generic,
};

/** All that somebody needs who connects a PBX of that family to the trunk, but the password. */
export const connectionSheet = (facts: ConnectionFacts, family: PbxFamily): ConnectionSheet => {
  const { title, steps, snippets, advice } = FAMILIES[family](facts);
  return {
    family,
    title: `${facts.trunkName}: ${title}`,
    settings: settingsOf(facts),
    steps,
    snippets,
    firewall: firewallOf(facts),
    advice: [...missingOf(facts), ...advice, ...adviceOf(facts)],
  };
};

const AUTHENTICATION: Readonly<Record<ConnectionFacts['authMode'], string>> = {
  either: 'password, or a known address',
  digest: 'password',
  ip: 'known address',
  both: 'password, from a known address',
};

const settingsOf = (f: ConnectionFacts): Setting[] => [
  { label: 'Server', value: serverOf(f).address },
  ...f.edges.slice(1).map((e) => ({ label: 'Stand-by server', value: usesTls(f) ? e.tlsAddress : e.sipAddress })),
  { label: 'Transport', value: usesTls(f) ? 'TLS (1.2 and up)' : 'UDP, TCP or TLS' },
  { label: 'Authentication', value: AUTHENTICATION[f.authMode] },
  ...(usesDigest(f)
    ? [
        { label: 'User', value: usernameOf(f) },
        { label: 'Realm', value: f.realm },
        { label: 'Password', value: 'shown once, when the credential was made or rotated' },
      ]
    : []),
  ...(f.networks.length > 0 ? [{ label: 'Known addresses', value: f.networks.join(', ') }] : []),
  { label: 'Registration', value: registers(f) ? `yes, every ${expiresOf(f)} seconds` : 'no' },
  { label: 'Codecs', value: f.codecs === null ? 'any; PCMA and PCMU are understood everywhere' : codecsOf(f).join(', ') },
  { label: 'SRTP', value: f.srtp },
  { label: 'DTMF', value: 'RFC 4733 (telephone-event)' },
  { label: 'Numbers', value: `E.164 with +${f.techPrefix === null ? '' : `, dialled behind ${f.techPrefix}`}` },
  {
    label: 'Caller ID',
    value:
      f.defaultCallerId === null ? 'one of your numbers, in From or P-Asserted-Identity' : `one of your numbers, else ${f.defaultCallerId}`,
  },
  { label: 'Calls at one time', value: String(f.channelsMax) },
];

/** Media goes between the PBX and the carriers, whose addresses are many and change: only its ports can be named. */
const firewallOf = (f: ConnectionFacts): FirewallRule[] => [
  ...f.edges.flatMap((e): FirewallRule[] => {
    const [address = '', port = ''] = e.sipAddress.split(':');
    const tls: FirewallRule = {
      direction: 'both',
      protocol: 'tcp',
      address,
      ports: e.tlsAddress.split(':')[1] ?? '',
      why: `SIP over TLS, ${e.name}`,
    };
    const plain: FirewallRule = {
      direction: 'both',
      protocol: 'udp',
      address,
      ports: port,
      why: `SIP, ${e.name}${e.home ? '' : ' (stand-by)'}`,
    };
    return usesTls(f) ? [tls] : [plain, tls];
  }),
  {
    direction: 'both',
    protocol: 'udp',
    address: 'any',
    ports: 'the media ports of your PBX',
    why: 'RTP: media goes between your PBX and the carriers, not through our edges',
  },
];

const missingOf = (f: ConnectionFacts): Advice[] => [
  ...(f.edges.length === 0
    ? [{ topic: 'Not ready', text: 'No edge carries this trunk yet: ask again when its provisioning is applied.' }]
    : []),
  ...(usesDigest(f) && f.usernames.length === 0
    ? [{ topic: 'Not ready', text: 'The trunk has no digest user: make a credential first, and keep its password.' }]
    : []),
];

const adviceOf = (f: ConnectionFacts): Advice[] => [
  {
    topic: 'SIP ALG',
    text: 'Switch SIP ALG (SIP helper, SIP fix-up) off in your router: it rewrites addresses, and registrations or audio break.',
  },
  {
    topic: 'Keep-alive',
    text: `Behind NAT something must pass every 30 seconds or less: we ping registered contacts behind NAT, a qualify or OPTIONS of your PBX helps${registers(f) ? `, and a registration every ${expiresOf(f)} seconds keeps the way in open` : ''}.`,
  },
  {
    topic: 'One-way audio',
    text: 'The address in your SDP must be one that the other side can send to: set your PBX’s public address and local networks, and forward its media ports.',
  },
  {
    topic: 'Both servers',
    text: 'Accept calls from every server above: when the first is taken out of service, the next carries your calls at once.',
  },
  ...(usesTls(f)
    ? [
        {
          topic: 'Certificate',
          text: 'An edge whose operator gave it no certificate shows one that signs itself: ask the operator for its fingerprint, or trust it by hand.',
        },
      ]
    : []),
];

/** The sheet as a page. */
export const sheetMarkdown = (sheet: ConnectionSheet): string => {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
  return `${[
    `# ${sheet.title}`,
    table(
      ['setting', 'value'],
      sheet.settings.map((s) => [s.label, s.value]),
    ),
    `## Steps\n\n${sheet.steps.map((step, i) => `${i + 1}. ${step}`).join('\n')}`,
    ...sheet.snippets.map((s) => `## ${s.file}\n\n\`\`\`${s.language}\n${s.text}\`\`\``),
    `## Firewall\n\n${table(
      ['direction', 'protocol', 'address', 'ports', 'why'],
      sheet.firewall.map((r) => [r.direction, r.protocol, r.address, r.ports, r.why]),
    )}`,
    `## Advice\n\n${sheet.advice.map((a) => `- **${a.topic}**: ${a.text}`).join('\n')}`,
  ].join('\n\n')}\n`;
};
