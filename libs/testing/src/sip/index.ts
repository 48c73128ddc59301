export { SipPeer, header, headers, methodOf, requestUri, statusOf } from './sip-peer.ts';
export type { CallOptions, CallResult, Login, SipMessage } from './sip-peer.ts';
