import type { Codec } from '@trunkline/edge-core';
import { PASSWORD, codecsOf, expiresOf, registers, serverOf, usernameOf, usesDigest, usesTls } from './sheet.ts';
import type { ConnectionFacts, Family, Snippet } from './sheet.ts';

const hostsOf = (f: ConnectionFacts): string => f.edges.map((e) => e.sipAddress.split(':')[0]).join(', ');

export const threeCx = (f: ConnectionFacts): Family => ({
  title: '3CX (generic SIP trunk)',
  steps: [
    'Voice & Chat → Add Trunk → select Generic as country and "Generic SIP Trunk" as provider.',
    `General: Registrar/Server ${serverOf(f).host}, Port ${serverOf(f).port}; Outbound Proxy the same; Number of simultaneous calls ${f.channelsMax}.`,
    usesDigest(f)
      ? `Authentication: "Register/Account based", Authentication ID ${usernameOf(f)}, Password the one shown when the credential was made${registers(f) ? '' : '; switch registration off, inbound routes bring your calls'}.`
      : 'Authentication: "Do not require - IP Based".',
    `Options: Transport ${usesTls(f) ? 'TLS' : 'UDP'}, SRTP ${f.srtp === 'required' ? 'Enabled' : 'Disabled'}, re-register every ${expiresOf(f)} seconds, codecs ${codecsOf(f).join(', ')} in this order.`,
    'Options: untick "Supports Re-Invite" if transfers fail; keep "Put Public IP in SIP VIA header" on.',
    `Outbound Parameters: From User Part = OutboundCallerId, P-Asserted-Identity User Part = OutboundCallerId; Outbound Caller ID ${f.defaultCallerId ?? 'one of your numbers, with +'}.`,
    `Outbound Rules: make every number E.164 with +${f.techPrefix === null ? '' : `, and prepend ${f.techPrefix}`}.`,
    'Inbound Rules: DID numbers come as +<country><number>.',
  ],
  snippets: [],
  advice: [
    { topic: 'NAT', text: 'Run the 3CX Firewall Checker: it must find no SIP ALG and full cone NAT for port 5060 and the media ports.' },
  ],
});

export const freeswitch = (f: ConnectionFacts): Family => {
  const { address } = serverOf(f);
  const params: [string, string][] = [
    ['username', usesDigest(f) ? usernameOf(f) : 'none'],
    ['realm', f.realm],
    ['password', usesDigest(f) ? PASSWORD : 'none'],
    ['proxy', address],
    ['register-proxy', address],
    ['register', String(registers(f))],
    ['register-transport', usesTls(f) ? 'tls' : 'udp'],
    ['expire-seconds', String(expiresOf(f))],
    ['retry-seconds', '30'],
    ['ping', '60'],
    ['caller-id-in-from', 'true'],
    ['extension-in-contact', 'true'],
  ];
  const codecs = codecsOf(f)
    .map((c) => FREESWITCH_NAMES[c])
    .join(',');
  const encrypted = f.srtp === 'required' ? 'rtp_secure_media=mandatory,' : '';
  return {
    title: 'FreeSWITCH (sofia gateway)',
    steps: [
      'Write the gateway below to conf/sip_profiles/external/trunkline.xml, with the password in the place of PASSWORD.',
      'Allow calls from the edges in conf/autoload_configs/acl.conf.xml (second snippet) and set apply-inbound-acl of the external profile to it.',
      'Run `fs_cli -x "sofia profile external rescan"`, then `fs_cli -x "sofia status gateway trunkline"`: it must say REGED (NOREG without registration).',
    ],
    snippets: [
      {
        file: 'conf/sip_profiles/external/trunkline.xml',
        language: 'xml',
        text: `<include>\n  <gateway name="trunkline">\n${params.map(([name, value]) => `    <param name="${name}" value="${value}"/>`).join('\n')}\n  </gateway>\n</include>\n`,
      },
      {
        file: 'conf/autoload_configs/acl.conf.xml',
        language: 'xml',
        text: `<list name="trunkline" default="deny">\n${f.edges.map((e) => `  <node type="allow" cidr="${e.sipAddress.split(':')[0]}/32"/>`).join('\n')}\n</list>\n`,
      },
      {
        file: 'conf/dialplan/default/trunkline.xml',
        language: 'xml',
        text: `<extension name="to-trunkline">\n  <condition field="destination_number" expression="^(\\+[0-9]+)$">\n    <action application="set" data="effective_caller_id_number=${f.defaultCallerId ?? 'ONE-OF-YOUR-NUMBERS'}"/>\n    <action application="bridge" data="{${encrypted}absolute_codec_string='${codecs}'}sofia/gateway/trunkline/${f.techPrefix ?? ''}$1"/>\n  </condition>\n</extension>\n`,
      },
    ],
    advice: [{ topic: 'NAT', text: 'Behind NAT set ext-rtp-ip and ext-sip-ip of the external profile to your public address.' }],
  };
};
const FREESWITCH_NAMES: Readonly<Record<Codec, string>> = {
  opus: 'OPUS',
  g722: 'G722',
  pcma: 'PCMA',
  pcmu: 'PCMU',
  g729: 'G729',
  gsm: 'GSM',
  ilbc: 'iLBC',
};

const CUBE_NAMES: Readonly<Record<Codec, string>> = {
  opus: 'opus',
  g722: 'g722-64',
  pcma: 'g711alaw',
  pcmu: 'g711ulaw',
  g729: 'g729r8',
  gsm: 'gsmfr',
  ilbc: 'ilbc',
};

export const ciscoCube = (f: ConnectionFacts): Family => {
  const { host, port } = serverOf(f);
  const transport = usesTls(f) ? 'tcp tls' : 'udp';
  const target = `ipv4:${host}:${port}`;
  const lines = [
    'voice service voip',
    ' ip address trusted list',
    ...f.edges.map((e) => `  ipv4 ${e.sipAddress.split(':')[0]}`),
    ' mode border-element',
    ' allow-connections sip to sip',
    ...(f.srtp === 'required' ? [' srtp'] : []),
    ' sip',
    '  early-offer forced',
    '  asserted-id pai',
    '!',
    'voice class codec 700',
    ...codecsOf(f).map((c, i) => ` codec preference ${i + 1} ${CUBE_NAMES[c]}`),
    '!',
    'sip-ua',
    ...(usesDigest(f)
      ? [
          ` credentials username ${usernameOf(f)} password 0 ${PASSWORD} realm ${f.realm}`,
          ` authentication username ${usernameOf(f)} password 0 ${PASSWORD} realm ${f.realm}`,
        ]
      : []),
    ...(registers(f) ? [` registrar ${target} expires ${expiresOf(f)}${usesTls(f) ? ' tcp tls' : ''}`] : []),
    ` sip-server ${target}`,
    '!',
    'dial-peer voice 7001 voip',
    ' description to Trunkline',
    ' destination-pattern +T',
    ...(f.techPrefix === null ? [] : [` translate-outgoing called 700`]),
    ' session protocol sipv2',
    ` session target ${target}`,
    ` session transport ${transport}`,
    ' voice-class codec 700',
    ' dtmf-relay rtp-nte',
    ...(f.srtp === 'required' ? [' srtp'] : []),
    ' no vad',
    '!',
    'dial-peer voice 7002 voip',
    ' description from Trunkline',
    ' session protocol sipv2',
    ' incoming called-number .',
    ' voice-class codec 700',
    ' dtmf-relay rtp-nte',
    ' no vad',
    '!',
  ];
  const prefix = f.techPrefix === null ? [] : ['voice translation-rule 700', ` rule 1 /^/ /${f.techPrefix}/`, '!'];
  return {
    title: 'Cisco CUBE (IOS XE)',
    steps: [
      'Paste the configuration below in configuration mode, with the password in the place of PASSWORD; adapt the dial-peer numbers if 7001 and 7002 are taken.',
      ...(registers(f) ? ['`show sip-ua register status` must say yes for the user.'] : []),
      '`debug ccsip messages` shows why a call is refused: our answers say it in the Reason header.',
    ],
    snippets: [{ file: 'running-config', language: 'text', text: `${[...prefix, ...lines].join('\n')}\n` }],
    advice: [
      {
        topic: 'NAT',
        text: 'Bind control and media (`bind control source-interface`, `bind media source-interface`) to the interface that faces us.',
      },
    ],
  };
};

export const teamsSbc = (f: ConnectionFacts): Family => ({
  title: 'Microsoft Teams Direct Routing, by your SBC',
  steps: [
    'Teams speaks SIP with a certified session border controller (SBC) alone. The SBC has two sides: Teams (TLS and SRTP, Microsoft’s own addresses) and this trunk, as below.',
    `Trunk side: remote ${serverOf(f).address} over ${usesTls(f) ? 'TLS' : 'UDP'}, ${usesDigest(f) ? `digest user ${usernameOf(f)}, realm ${f.realm}${registers(f) ? ', registering' : ', no registration'}` : 'no authentication: your address is known'}.`,
    `Trunk side media: ${f.srtp === 'required' ? 'SRTP (SDES) to us' : 'plain RTP to us; the SBC decrypts what comes from Teams'}; codecs ${codecsOf(f).join(', ')} in this order. Teams offers SILK, G722, PCMA and PCMU: let the SBC transcode only if none is shared.`,
    'Let the SBC send E.164 with + in Request-URI, From and P-Asserted-Identity, and answer REFER and re-INVITE of Teams by itself.',
    `In Teams: \`New-CsOnlinePSTNGateway -Fqdn sbc.your-domain.example -SipSignalingPort 5061 -MaxConcurrentSessions ${f.channelsMax} -Enabled $true\`, then a voice route to it.`,
    `Inbound: the SBC takes calls from ${hostsOf(f) || 'our edges'} and sends them to sip.pstnhub.microsoft.com.`,
  ],
  snippets: [],
  advice: [
    {
      topic: 'Music on hold',
      text: 'Media bypass needs media that the SBC can reach from the user’s network; switch it off while you test.',
    },
  ],
});

export const generic = (f: ConnectionFacts): Family => ({
  title: 'Any SIP telephone or PBX',
  steps: [
    `Server (registrar, domain, proxy): ${serverOf(f).address}, transport ${usesTls(f) ? 'TLS' : 'UDP'}.`,
    usesDigest(f)
      ? `User and authentication name ${usernameOf(f)}, password the one shown when the credential was made, realm ${f.realm}.`
      : 'No password: your address is known.',
    ...(registers(f) ? [`Register, for ${expiresOf(f)} seconds.`] : ['Do not register.']),
    `Dial numbers as ${f.techPrefix ?? ''}+<country><number>.`,
  ],
  snippets: usesDigest(f) ? [baresip(f)] : [],
  advice:
    registers(f) && f.calledNumberIn === 'request_uri'
      ? [
          {
            topic: 'Called number',
            text: 'Calls come with your number in the Request-URI, as a PBX wants it. A telephone that answers 404 to that wants its own contact there: set called_number_in of the trunk to "to".',
          },
        ]
      : [],
});

const baresip = (f: ConnectionFacts): Snippet => {
  const encrypted = f.srtp === 'required' ? ';mediaenc=srtp-mand' : '';
  const parameters = `auth_user=${usernameOf(f)};auth_pass=${PASSWORD};regint=${registers(f) ? expiresOf(f) : 0}${encrypted}`;
  const text = `<sip:${usernameOf(f)}@${serverOf(f).address}${usesTls(f) ? ';transport=tls' : ''}>;${parameters}\n`;
  return { file: '~/.baresip/accounts', language: 'text', text };
};
