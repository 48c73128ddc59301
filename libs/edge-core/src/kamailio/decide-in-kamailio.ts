import type { ChannelDemand } from '../channels/channel-demand.ts';
import { takeChannel } from '../channels/take-channel.ts';
import type { CallFacts, Cap, Decision, Lookup, Route, RouteTarget } from '../decision/call.ts';
import { decideRegistration } from '../decision/decide-registration.ts';
import { decide } from '../decision/decide.ts';
import { sipCodeOf } from '../decision/reject-reasons.ts';

/**
 * `ksr_decide`, the function that the edge's route files call: reads the INVITE from pseudo-variables, decides, and leaves the answer in
 * pseudo-variables. Runs in Duktape, so only what ES5 has. `$vn(act)` is set last: whatever is thrown before leaves it null, and the
 * route files then refuse the call.
 */
const text = (name: string): string | null => {
  const value = KSR.pv.get(name);
  return value === null || value === undefined ? null : '' + value;
};

/** User parts arrive percent-encoded: a raw first byte of 0x80–0x82 or 0xFF would be a Duktape symbol, on which every operator throws. */
const decoded = (name: string): string | null => {
  const value = text(name);
  if (value === null) return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // no UTF-8: its % signs make it no number, which is all that matters here
  }
};

/** Keys of numbers carry 8 hex digits of their MD5, because htable's own hash puts consecutive digit strings into few buckets. */
const lookup: Lookup = (kind, key) => {
  if (key === '') return null;
  let name = key;
  if (kind === 'number') {
    KSR.pv.sets('$var(key)', key);
    name = key + KSR.pv.get('$(var(key){s.md5}{s.substr,0,8})');
  }
  const value = KSR.htable.sht_get(kind, name);
  return value === null || value === undefined ? null : '' + value;
};

const field = (name: string, value: string | null): string => '&' + name + '=' + (value === null ? '' : encodeURIComponent(value));

/** The part of the CDR line that the decision knows. */
const cdrFields = (call: CallFacts): string =>
  field('d', call.direction).substring(1) +
  field('t', call.tenantId) +
  field('tr', call.trunkId) +
  field('ci', call.callerId) +
  field('ds', call.destination) +
  (call.attestation === null ? '' : '&at=' + call.attestation.level);

const setCap = (name: string, cap: Cap, inbound: boolean): void => {
  KSR.pv.seti('$vn(' + name + '_max)', cap.max === null ? -1 : cap.max);
  KSR.pv.sets('$vn(' + name + '_why)', cap.reason.code);
  KSR.pv.seti('$vn(full_code)', sipCodeOf(cap.reason, inbound));
};

/** Of the call that this worker decided on last; the route files ask for its channel before they turn to another. */
let demanded: { readonly channels: ChannelDemand; readonly inbound: boolean } | null = null;

const setChannels = ({ channels, call, caps }: Route): void => {
  const inbound = call.direction === 'inbound';
  demanded = channels === null ? null : { channels, inbound };
  KSR.pv.seti('$vn(pooled)', channels === null ? 0 : 1);
  KSR.pv.sets('$vn(channel)', caps !== null && channels === null ? channelFields('trunk', '') : '');
};

const channelFields = (kind: string, poolId: string): string => field('ch', kind) + field('cp', poolId);

/** `uri^carrier`, of an inbound group also `^seconds it may ring^number it is forwarded to^carrier of that`. */
const listed = (targets: readonly RouteTarget[]): string =>
  targets
    .map((t) => {
      const ring = t.ringSecs === null || t.ringSecs === undefined ? '' : String(t.ringSecs);
      const forward = t.forward === undefined ? '' : '^' + t.forward.destination + '^' + t.forward.carrierId;
      return t.uri + '^' + t.carrierId + (ring === '' && forward === '' ? '' : '^' + ring + forward);
    })
    .join('|');

/** As a regular expression. */
const codes = (list: readonly number[] | null): string => (list === null ? '408|5[0-9][0-9]' : list.length === 0 ? '^$' : list.join('|'));

const setRoute = (route: Route): void => {
  KSR.pv.sets('$vn(targets)', listed(route.targets));
  KSR.pv.sets('$vn(fallback)', route.fallback === null ? '' : listed([route.fallback]));
  KSR.pv.seti('$vn(grouped)', route.ringAll === undefined ? 0 : 1);
  KSR.pv.seti('$vn(ring_all)', route.ringAll === true ? 1 : 0);
  KSR.pv.sets('$vn(offer)', route.offer === null ? '' : route.offer);
  KSR.pv.sets('$vn(called_in)', route.calledNumberIn);
  KSR.pv.sets('$vn(media)', route.srtp === 'optional' ? '' : route.srtp);
  KSR.pv.sets('$vn(reroute)', codes(route.rerouteCodes));
  KSR.pv.seti('$vn(max_secs)', route.maxCallSecs === null ? 0 : route.maxCallSecs);
  KSR.pv.seti('$vn(ring_secs)', route.maxRingSecs === null ? 0 : route.maxRingSecs);
  setChannels(route);
  KSR.pv.seti('$vn(capped)', route.caps === null ? 0 : 1);
  KSR.pv.seti('$vn(rate_max)', route.rate === null ? -1 : route.rate.max);
  KSR.pv.sets('$vn(rate_why)', route.rate === null ? '' : route.rate.reason.code);
  if (route.caps === null) return;
  const inbound = route.call.direction === 'inbound';
  setCap('trunk', route.caps.trunk, inbound);
  setCap('direction', route.caps.direction, inbound);
  setCap('tenant', route.caps.tenant, inbound);
};

const setCall = (call: CallFacts): void => {
  KSR.pv.sets('$vn(dir)', call.direction);
  KSR.pv.sets('$vn(tenant)', call.tenantId || '');
  KSR.pv.sets('$vn(trunk)', call.trunkId || '');
  KSR.pv.sets('$vn(carrier)', call.carrierId || '');
  KSR.pv.sets('$vn(caller_id)', call.callerId || '');
  KSR.pv.sets('$vn(destination)', call.destination || '');
  KSR.pv.sets('$vn(attest)', call.attestation === null ? '' : call.attestation.level);
  KSR.pv.sets('$vn(cdr)', cdrFields(call));
};

const setAnswer = (decision: Decision): void => {
  if (decision.action === 'challenge') return;
  setCall(decision.call);
  if (decision.action === 'route') return setRoute(decision);
  KSR.pv.seti('$vn(code)', decision.sipCode);
  KSR.pv.sets('$vn(why)', decision.reason.code);
  if (decision.action === 'redirect') KSR.pv.sets('$vn(contact)', decision.contact);
};

const testOf = (value: string | null): 'number' | 'pbx' | null => (value === 'number' || value === 'pbx' ? value : null);

const ksrDecide = (): void => {
  const decision = decide(
    {
      edge: text('$vn(edge)') || '',
      sourceAddress: text('$si') || '',
      provenTrunkId: text('$vn(proven)'),
      requestUser: decoded('$vn(request_user)') || '',
      fromUser: decoded('$vn(from_user)') || '',
      assertedUser: decoded('$vn(asserted_user)'),
      withheld: text('$vn(withheld)') === '1',
      transport: text('$proto') || '',
      draw: Number(text('$vn(draw)')),
      nowSecs: Number(text('$Ts')),
      test: testOf(text('$vn(test)')),
      provenUser: decoded('$vn(proven_user)'),
      offer: () => text('$vn(sdp)'),
    },
    lookup,
  );
  setAnswer(decision);
  KSR.pv.sets('$vn(act)', decision.action);
};

/** `ksr_register`, the same for a REGISTER whose password was right. `$vn(act)` is set last here, too. */
const ksrRegister = (): void => {
  const expiresSecs = Number(text('$vn(expires)'));
  const decision = decideRegistration({ sourceAddress: text('$si') || '', user: decoded('$vn(proven_user)') || '', expiresSecs }, lookup);
  if (decision.action === 'save') {
    KSR.pv.sets('$vn(trunks)', decision.trunkIds.join('|'));
    KSR.pv.seti('$vn(contacts_max)', decision.contactsMax);
    KSR.pv.seti('$vn(expires)', decision.expiresSecs);
  } else if (decision.action === 'too_brief') KSR.pv.seti('$vn(expires_min)', decision.expiresMinSecs);
  KSR.pv.sets('$vn(act)', decision.action);
};

const usedOf = (key: string): number => {
  if (KSR.dialog.get_profile_size('channel', key, '$var(used)') < 0) throw new Error('calls cannot be counted');
  return Number(text('$var(used)'));
};

/**
 * `ksr_take_channel`: counts the call where its channel is. The route files hold a lock of the tenant's meanwhile, so nobody counts between
 * the look and the taking. `$vn(took)` is set last.
 */
const ksrTakeChannel = (): void => {
  if (demanded === null) return;
  const found = takeChannel(demanded.channels, usedOf);
  if (!found.taken) {
    KSR.pv.sets('$vn(why)', found.reason.code);
    KSR.pv.seti('$vn(full_code)', sipCodeOf(found.reason, demanded.inbound));
    return;
  }
  for (let i = 0; i < found.counters.length; i++) {
    if (KSR.dialog.set_dlg_profile('channel', found.counters[i] || '') < 0) throw new Error('the call cannot be counted');
  }
  KSR.pv.sets('$vn(channel)', channelFields(found.kind, found.poolId));
  KSR.pv.seti('$vn(took)', 1);
};

const offered = globalThis as unknown as { ksr_decide: () => void; ksr_register: () => void; ksr_take_channel: () => void };
offered.ksr_register = ksrRegister;
offered.ksr_take_channel = ksrTakeChannel;
offered.ksr_decide = ksrDecide;
