export { SipPeer, header, headers, methodOf, requestUri, statusOf } from './sip-peer.ts';
export type { CallOptions, CallResult, Login, SipMessage } from './sip-peer.ts';
export { Sipp, sippCall } from './sipp.ts';
export type { SippOptions, SippResult, SippScenario } from './sipp.ts';
export { digestAnswer } from './digest.ts';
