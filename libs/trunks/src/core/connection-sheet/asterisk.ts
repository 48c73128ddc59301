import type { Codec } from '@trunkline/edge-core';
import { PASSWORD, codecsOf, expiresOf, registers, serverOf, usernameOf, usesDigest, usesTls } from './sheet.ts';
import type { ConnectionFacts, Family, Snippet } from './sheet.ts';

const NAMES: Readonly<Record<Codec, string>> = {
  opus: 'opus',
  g722: 'g722',
  pcma: 'alaw',
  pcmu: 'ulaw',
  g729: 'g729',
  gsm: 'gsm',
  ilbc: 'ilbc',
};
const allowed = (f: ConnectionFacts): string =>
  codecsOf(f)
    .map((c) => NAMES[c])
    .join(',');
const transportOf = (f: ConnectionFacts): 'tls' | 'udp' => (usesTls(f) ? 'tls' : 'udp');
const uriOf = (f: ConnectionFacts): string => `sip:${serverOf(f).address}${usesTls(f) ? '\\;transport=tls' : ''}`;

/** chan_pjsip of Asterisk 16 and later. */
export const asterisk = (f: ConnectionFacts): Family => ({
  title: 'Asterisk (chan_pjsip)',
  steps: [
    'Put the sections below into pjsip.conf, with the password in the place of PASSWORD.',
    'Put the dial plan below into extensions.conf and let your phones reach the context "to-trunkline".',
    'Run `asterisk -rx "core reload"`.',
    ...(registers(f) ? ['Run `asterisk -rx "pjsip show registrations"`: it must say Registered.'] : []),
  ],
  snippets: [pjsip(f), dialPlan(f)],
  advice: [
    {
      topic: 'NAT',
      text: 'Behind NAT set external_media_address, external_signaling_address and local_net in the transport; keep rtp_symmetric=yes and force_rport=yes.',
    },
  ],
});

/** FreePBX writes the same configuration from a form. */
export const freepbx = (f: ConnectionFacts): Family => {
  const { host, port } = serverOf(f);
  return {
    title: 'FreePBX (chan_pjsip trunk)',
    steps: [
      'Connectivity → Trunks → Add Trunk → Add SIP (chan_pjsip) Trunk.',
      `pjsip Settings → General: Username ${usesDigest(f) ? usernameOf(f) : '(empty)'}, Auth username the same, Secret the password, Authentication ${usesDigest(f) ? 'Outbound' : 'None'}, Registration ${registers(f) ? 'Send' : 'None'}.`,
      `SIP Server ${host}, SIP Server Port ${port}, Transport 0.0.0.0-${transportOf(f)}, Context from-pstn.`,
      `pjsip Settings → Advanced: From Domain ${f.realm}, Expiration ${expiresOf(f)}, Qualify Frequency 60, Match (Permit) ${f.edges.map((e) => e.sipAddress.split(':')[0]).join(',')}, Media Encryption ${f.srtp === 'required' ? 'SRTP via in-SDP' : 'None'}.`,
      `pjsip Settings → Codecs: ${allowed(f)}, in this order, all others off.`,
      'Connectivity → Outbound Routes: send your patterns to the trunk as +<country><number>. Connectivity → Inbound Routes: the DID is the whole number with +.',
      'Submit, then Apply Config. Reports → Asterisk Info → Registries shows whether it is registered.',
    ],
    snippets: [{ ...pjsip(f), file: 'what FreePBX writes (pjsip.*.conf), to compare' }],
    advice: [
      {
        topic: 'NAT',
        text: 'Settings → Asterisk SIP Settings: detect the external address and name your local networks, or callers hear nothing.',
      },
    ],
  };
};

const pjsip = (f: ConnectionFacts): Snippet => {
  const { host } = serverOf(f);
  const auth = `[trunkline-auth]\ntype=auth\nauth_type=userpass\nusername=${usernameOf(f)}\npassword=${PASSWORD}\nrealm=${f.realm}\n`;
  const registration = `[trunkline-registration]\ntype=registration\ntransport=trunkline-transport\noutbound_auth=trunkline-auth\nserver_uri=${uriOf(f)}\nclient_uri=sip:${usernameOf(f)}@${host}\ncontact_user=${usernameOf(f)}\nexpiration=${expiresOf(f)}\nretry_interval=30\nforbidden_retry_interval=300\nline=yes\nendpoint=trunkline\n`;
  const endpoint = [
    '[trunkline]',
    'type=endpoint',
    'transport=trunkline-transport',
    'context=from-trunkline',
    'disallow=all',
    `allow=${allowed(f)}`,
    'aors=trunkline',
    ...(usesDigest(f) ? ['outbound_auth=trunkline-auth', `from_user=${usernameOf(f)}`] : []),
    `from_domain=${host}`,
    'send_pai=yes',
    'direct_media=no',
    'rtp_symmetric=yes',
    'force_rport=yes',
    'rewrite_contact=yes',
    'dtmf_mode=rfc4733',
    ...(f.srtp === 'required' ? ['media_encryption=sdes'] : []),
  ];
  const parts = [
    `[trunkline-transport]\ntype=transport\nprotocol=${transportOf(f)}\nbind=0.0.0.0\n`,
    ...(usesDigest(f) ? [auth] : []),
    ...(registers(f) ? [registration] : []),
    `${endpoint.join('\n')}\n`,
    `[trunkline]\ntype=aor\ncontact=${uriOf(f)}\nqualify_frequency=60\n`,
    `[trunkline]\ntype=identify\nendpoint=trunkline\n${f.edges.map((e) => `match=${e.sipAddress.split(':')[0]}`).join('\n')}\n`,
  ];
  return { file: 'pjsip.conf', language: 'ini', text: parts.join('\n') };
};

const dialPlan = (f: ConnectionFacts): Snippet => ({
  file: 'extensions.conf',
  language: 'ini',
  text: `[to-trunkline]\nexten => _+X.,1,Set(CALLERID(num)=${f.defaultCallerId ?? 'ONE-OF-YOUR-NUMBERS'})\n same => n,Dial(PJSIP/${f.techPrefix ?? ''}\${EXTEN}@trunkline,60)\n same => n,Hangup()\n\n[from-trunkline]\nexten => _+X.,1,Dial(PJSIP/100,30)\n same => n,Hangup()\n`,
});
