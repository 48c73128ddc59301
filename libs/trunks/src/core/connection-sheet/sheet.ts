import type { AuthMode, CalledNumberIn, Codec, SrtpPolicy } from '@trunkline/edge-core';

export const PBX_FAMILIES = ['3cx', 'freepbx', 'asterisk', 'freeswitch', 'cisco_cube', 'teams_sbc', 'generic'] as const;
export type PbxFamily = (typeof PBX_FAMILIES)[number];

/** What is true of a trunk when its sheet is asked for. */
export type ConnectionFacts = {
  readonly trunkName: string;
  readonly country: string;
  readonly authMode: AuthMode;
  readonly techPrefix: string | null;
  readonly codecs: readonly Codec[] | null;
  readonly srtp: SrtpPolicy;
  readonly tlsRequired: boolean;
  readonly defaultCallerId: string | null;
  readonly channelsMax: number;
  readonly registrationExpiresSecs: number; // the longest there is
  readonly networks: readonly string[]; //     where its calls may come from
  readonly calledNumberIn: CalledNumberIn;
  readonly hasRoutes: boolean; //              inbound calls go to URIs, not to a registered contact
  readonly realm: string;
  readonly usernames: readonly string[]; //    digest users that are good for it
  /** The edge that carries its calls first, then the stand-bys. */
  readonly edges: readonly SheetEdge[];
};
/** Addresses are ip:port. */
export type SheetEdge = { readonly name: string; readonly sipAddress: string; readonly tlsAddress: string; readonly home: boolean };

export type Setting = { readonly label: string; readonly value: string };
export type FirewallRule = {
  readonly direction: 'out' | 'in' | 'both'; // as the PBX sees it
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly ports: string;
  readonly why: string;
};
export type Advice = { readonly topic: string; readonly text: string };
export type Snippet = { readonly file: string; readonly language: string; readonly text: string };
export type ConnectionSheet = {
  readonly family: PbxFamily;
  readonly title: string;
  readonly settings: readonly Setting[];
  readonly steps: readonly string[];
  readonly snippets: readonly Snippet[];
  readonly firewall: readonly FirewallRule[];
  readonly advice: readonly Advice[];
};

/** What one family of PBX needs beside what all need. */
export type Family = {
  readonly title: string;
  readonly steps: readonly string[];
  readonly snippets: readonly Snippet[];
  readonly advice: readonly Advice[];
};

/** Stands where the password goes, which nobody can be shown again. */
export const PASSWORD = 'PASSWORD';
/** Stands for an edge or a user that there is none of yet. */
export const MISSING = { address: 'NO-EDGE-YET', username: 'NO-CREDENTIAL-YET' } as const;

export const usesDigest = ({ authMode }: ConnectionFacts): boolean => authMode !== 'ip';
/** A PBX registers so that calls reach it; where inbound routes are set, or no password is good, it need not. */
export const registers = (f: ConnectionFacts): boolean => usesDigest(f) && !f.hasRoutes;
export const usesTls = (f: ConnectionFacts): boolean => f.tlsRequired || f.srtp === 'required';
export const usernameOf = ({ usernames: [first] }: ConnectionFacts): string => first ?? MISSING.username;
/** Of the edge that carries the trunk's calls, over the transport that the trunk wants. */
export const serverOf = (f: ConnectionFacts): { readonly host: string; readonly port: string; readonly address: string } => {
  const [edge] = f.edges;
  const address = edge === undefined ? MISSING.address : usesTls(f) ? edge.tlsAddress : edge.sipAddress;
  const [host = '', port = ''] = address.split(':');
  return { host, port, address };
};
/** As the trunk orders them; what usual PBXs and carriers have where it says nothing. */
export const codecsOf = ({ codecs }: ConnectionFacts): readonly Codec[] => codecs ?? ['pcma', 'pcmu'];
export const expiresOf = (f: ConnectionFacts): number => Math.min(600, f.registrationExpiresSecs);
