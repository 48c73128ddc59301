import { notFound } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { NumberSupplier } from '../number-supplier.ts';
import type { NumberOffer, NumberSearch, SignedMessage, SupplyOrder } from '../number-supplier.ts';
import { availableNumbers, numberOrder, numberOrders, numberReservation, phoneNumbers } from './telnyx-answers.ts';
import type { TelnyxOrder } from './telnyx-answers.ts';
import { TelnyxApi, TelnyxRefusal } from './telnyx-api.ts';
import { readTelnyxWebhook } from './telnyx-webhook.ts';

/** `url` points at the emulator; absent, it is Telnyx itself. */
export type TelnyxConfig = {
  readonly apiKey: string;
  readonly publicKey?: string | undefined; // what its webhooks are signed with; absent: none are taken
  readonly url?: string | undefined;
  readonly timeoutMs?: number | undefined;
};

export const TELNYX_URL = 'https://api.telnyx.com';
export const TELNYX_TIMEOUT_MS = 15_000;
const STATES = { pending: 'pending', success: 'succeeded', failure: 'failed' } as const;

/**
 * Numbers of Telnyx, by its API v2. An order carries our reference as `customer_reference`: with no idempotency keys there, that is how one whose
 * answer was lost is found again.
 */
export class TelnyxSupplier extends NumberSupplier {
  readonly name = 'telnyx';
  private readonly api: TelnyxApi;
  private readonly publicKey: string | undefined;

  constructor({ apiKey, publicKey, url = TELNYX_URL, timeoutMs = TELNYX_TIMEOUT_MS }: TelnyxConfig) {
    super();
    this.publicKey = publicKey;
    this.api = new TelnyxApi({ apiKey, url, timeoutMs });
  }

  async search(_ctx: TenantContext, query: NumberSearch, signal?: AbortSignal): Promise<NumberOffer[]> {
    if (query.lata !== undefined) return []; // it knows none
    const { data } = await this.api.get('/available_phone_numbers', filtersOf(query), availableNumbers, signal).catch(nothing);
    const { country, type = 'local', areaCode = null, startsWith = '+', contains = '' } = query;
    return data
      .filter(({ phone_number: e164 }) => e164.startsWith(startsWith) && e164.includes(contains)) // its patterns are looser than ours
      .map(({ phone_number, region_information }) => {
        const region = (kind: string) => region_information.find(({ region_type }) => region_type === kind)?.region_name;
        const rateCenter = region('rate_center') ?? null;
        const place = { country: region('country_code') ?? country, areaCode, locality: region('location') ?? rateCenter, rateCenter };
        return { e164: phone_number as E164, ...place, lata: null, type };
      });
  }

  async reserve(_ctx: TenantContext, e164: E164, reference: string): Promise<Date | null> {
    try {
      const body = { phone_numbers: [{ phone_number: e164 }], customer_reference: reference };
      const { data } = await this.api.post('/number_reservations', body, numberReservation);
      const kept = data.phone_numbers.find(({ phone_number }) => phone_number === e164);
      return (kept?.status ?? data.status) === 'success' && kept?.expired_at ? new Date(kept.expired_at) : null;
    } catch (error) {
      if (error instanceof TelnyxRefusal) return null;
      throw error;
    }
  }

  async order(_ctx: TenantContext, e164: E164, reference: string): Promise<SupplyOrder> {
    try {
      const body = { phone_numbers: [{ phone_number: e164 }], customer_reference: reference };
      return told((await this.api.post('/number_orders', body, numberOrder)).data, e164);
    } catch (error) {
      if (error instanceof TelnyxRefusal) return { state: 'failed', orderId: null, detail: error.message };
      throw error;
    }
  }

  async find(_ctx: TenantContext, e164: E164, reference: string, orderId: string | null): Promise<SupplyOrder | undefined> {
    const id = orderId ?? (await this.orderOf(reference));
    if (id === undefined) return undefined;
    try {
      return told((await this.api.get(`/number_orders/${encodeURIComponent(id)}`, {}, numberOrder)).data, e164);
    } catch (error) {
      if (error instanceof TelnyxRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  heard(message: SignedMessage, now: Date): string | null {
    if (this.publicKey === undefined) throw notFound();
    return readTelnyxWebhook(message, this.publicKey, now);
  }

  async release(e164: E164): Promise<void> {
    const { data } = await this.api.get('/phone_numbers', { 'filter[phone_number]': e164 }, phoneNumbers);
    const held = data.find(({ phone_number }) => phone_number === e164);
    if (!held) return;
    try {
      await this.api.delete(`/phone_numbers/${encodeURIComponent(held.id)}`);
    } catch (error) {
      if (!(error instanceof TelnyxRefusal && error.status === 404)) throw error;
    }
  }

  private async orderOf(reference: string): Promise<string | undefined> {
    const { data } = await this.api.get('/number_orders', { 'filter[customer_reference]': reference }, numberOrders);
    return data[0]?.id;
  }
}

/** What it refuses to look for, it does not have. */
const nothing = (error: unknown): { readonly data: [] } => {
  if (!(error instanceof TelnyxRefusal)) throw error;
  return { data: [] };
};

const told = ({ id, status, phone_numbers }: TelnyxOrder, e164: E164): SupplyOrder => {
  const state = STATES[phone_numbers.find(({ phone_number }) => phone_number === e164)?.status ?? status];
  return { state, orderId: id, detail: state === 'failed' ? 'The carrier could not provide the number' : null };
};

/** Its `starts_with` is what follows the area code, which therefore has to be known. */
const filtersOf = ({ country, type, areaCode, startsWith, contains, rateCenter, limit }: NumberSearch): Record<string, string> => {
  const callingCode = isSupportedCountry(country) ? getCountryCallingCode(country) : '';
  const digits = startsWith?.slice(1 + callingCode.length) ?? '';
  const area = areaCode ?? (callingCode === '1' && digits.length >= 3 ? digits.slice(0, 3) : undefined);
  const behind = area === undefined ? '' : digits.slice(area.length);
  return {
    'filter[country_code]': country,
    'filter[limit]': String(limit),
    'filter[best_effort]': 'false',
    ...(type && { 'filter[phone_number_type]': type }),
    ...(area && { 'filter[national_destination_code]': area }),
    ...(rateCenter && { 'filter[rate_center]': rateCenter.toUpperCase() }),
    ...(behind && { 'filter[phone_number][starts_with]': behind }),
    ...(contains && { 'filter[phone_number][contains]': contains }),
  };
};
