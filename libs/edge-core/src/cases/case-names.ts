/** The small world in which the table of cases is played: the same entries in Node and on a real edge, on loopback addresses. */
export const CASE_REALM = 'sip.trunkline.test';

export const CASE_EDGE = { name: 'edge-1', sipAddress: '127.0.20.1:5060' };
export const CASE_PBX = '127.0.22.1';

/** Addresses that are a customer's credential: one trunk's own, one within a trunk's network, and one that two trunks share. */
export const CASE_SOURCES = {
  own: '127.0.26.1',
  site: '127.0.26.200',
  shared: '127.0.26.2',
  stranger: '127.0.26.100',
  siteBelow: '127.0.26.127',
  siteFirst: '127.0.26.128',
  siteLast: '127.0.26.254',
} as const;

export const CASE_GATEWAYS = {
  a: '127.0.21.1',
  b: '127.0.21.2',
  emergency: '127.0.21.3',
  pbxOne: '127.0.23.1',
  pbxTwo: '127.0.23.2',
  recovery: '127.0.23.3',
} as const;

export const CASE_PORT = 5080;

/** Wednesday, 2 December 2026, 10:30 in Berlin, 09:30 UTC. */
export const CASE_NOW_SECS = 1796203800;

export const id = (kind: number, n: number): string => `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const tenantIds = {
  own: id(1, 1),
  held: id(1, 2),
  away: id(1, 3),
  home: id(1, 4),
  stricken: id(1, 5),
  restricted: id(1, 6),
  missing: id(1, 9),
};

export const trunkIds = {
  us: id(2, 1),
  gb: id(2, 2),
  off: id(2, 3),
  held: id(2, 4),
  away: id(2, 5),
  es: id(2, 6),
  closed: id(2, 7),
  orphan: id(2, 8),
  own: id(2, 9),
  site: id(2, 10),
  first: id(2, 11),
  second: id(2, 12),
  replacing: id(2, 13),
  secure: id(2, 14),
  passing: id(2, 15),
  local: id(2, 16),
  split: id(5, 1),
  recover: id(5, 2),
  stricken: id(5, 3),
  restricted: id(5, 4),
  named: id(5, 5),
};

export const groupIds = {
  followMe: id(6, 1),
  atOnce: id(6, 2),
  mobile: id(6, 3),
  closedMobile: id(6, 4),
  foreign: id(6, 5),
  contact: id(6, 6),
  night: id(6, 7),
  recovery: id(6, 8),
  office: id(6, 9),
  stopped: id(6, 10),
  missing: id(6, 99),
};

export const scheduleIds = { berlin: id(7, 1), always: id(7, 2), silent: id(7, 3), missing: id(7, 99) };
export const carrierIds = { a: id(3, 1), b: id(3, 2), emergency: id(3, 3) };

/** Digest user names are those of the trunks; the password of `us` is `secret-us`, and so on. */
export const passwordOf = (login: string): string => `secret-${login}`;
