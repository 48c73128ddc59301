import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForNumbers, orderNumbers, startBandwidthEmulator, startTelnyxEmulator, tellRecord } from '@trunkline/testing';
import type { BandwidthEmulator, TelnyxEmulator } from '@trunkline/testing';
import type Telnyx from 'telnyx';
import { bandwidthReason, telnyxReason } from '../core/carrier-reasons.ts';
import type { PortRequest } from '../core/porting-carrier.ts';
import { csrOrder, files, lnpOrder, notes } from './bandwidth/bandwidth-answers.ts';
import { bandwidthPortOut, portOutOrder } from './bandwidth/bandwidth-port-out-answers.ts';
import { csrAnswer } from './bandwidth/bandwidth-csr.ts';
import { bandwidthOrder, orderIdOf, versionOf } from './bandwidth/bandwidth-request.ts';
import { bandwidthSnapshot } from './bandwidth/bandwidth-snapshot.ts';
import { readXml, writeXml } from './bandwidth/bandwidth-xml.ts';
import { telnyxDetails } from './telnyx/telnyx-port-request.ts';
import { customerRecordAnswer, focWindows, orderRequirements, requirements } from './telnyx/telnyx-port-answers.ts';
import { telnyxSnapshot } from './telnyx/telnyx-port-snapshot.ts';
import { portOutAnswer, portOutEvents, rejectionCodes, telnyxPortOut } from './telnyx/telnyx-port-out-answers.ts';

// What the carriers' own public packages say of the same shapes: telnyx by its types, @bandwidth/numbers by its client and the answers it was tested with.
const require = createRequire(import.meta.url);
const now = new Date('2026-03-02T16:00:00Z');
const ORDER = '01936d3c-7c00-7000-8000-000000000001';
const request: PortRequest = {
  key: 'create:1',
  version: 7,
  numbers: ['+12125550142'],
  requestedFocAt: now,
  timeZone: 'America/New_York',
  country: 'US',
  customer: 'residential',
  fields: { subscriber_name: 'Ann Lee <& Sons>', service_address: '350 Fifth Avenue', remaining_numbers: 'keep', pin: '1234' },
  papers: [],
};

describe('Telnyx', () => {
  let emulator: TelnyxEmulator;
  beforeAll(async () => (emulator = await startTelnyxEmulator()));
  afterAll(() => emulator?.stop());

  it('is told only what its types know', () => {
    const told: Telnyx.PortingOrderUpdateParams = telnyxDetails(request, { loa: 'a document' });
    expect(told.misc).toMatchObject({ type: 'partial', remaining_numbers_action: 'keep' });
  });

  type Status = NonNullable<NonNullable<Telnyx.PortingOrder['status']>['value']>;
  const statuses: Readonly<Record<Status, string>> = {
    draft: 'received',
    'in-process': 'accepted',
    submitted: 'accepted',
    exception: 'rejected',
    'foc-date-confirmed': 'foc',
    ported: 'closed',
    cancelled: 'cancelled',
    'cancel-pending': 'accepted',
  };
  it.each(Object.entries(statuses))('has the status %s, which is %s', (value, ours) => {
    const order = { id: 'x', status: { value, details: [] }, updated_at: '2026-03-02T15:00:00Z', phone_numbers: [] };
    expect(telnyxSnapshot({ ...order, customer_group_reference: '3', activation_settings: null }, [], now).status).toBe(ours);
  });

  type Code = NonNullable<NonNullable<NonNullable<Telnyx.PortingOrder['status']>['details']>[number]['code']>;
  const codes: Readonly<Record<Exclude<Code, 'OTHER'>, true>> = {
    ACCOUNT_NUMBER_MISMATCH: true,
    AUTH_PERSON_MISMATCH: true,
    BTN_ATN_MISMATCH: true,
    ENTITY_NAME_MISMATCH: true,
    FOC_EXPIRED: true,
    FOC_REJECTED: true,
    LOCATION_MISMATCH: true,
    LSR_PENDING: true,
    MAIN_BTN_PORTING: true,
    OSP_IRRESPONSIVE: true,
    PASSCODE_PIN_INVALID: true,
    PHONE_NUMBER_HAS_SPECIAL_FEATURE: true,
    PHONE_NUMBER_MISMATCH: true,
    PHONE_NUMBER_NOT_PORTABLE: true,
    PORT_TYPE_INCORRECT: true,
    PORTING_ORDER_SPLIT_REQUIRED: true,
    POSTAL_CODE_MISMATCH: true,
    RATE_CENTER_NOT_PORTABLE: true,
    SV_CONFLICT: true,
    SV_UNKNOWN_FAILURE: true,
  };
  it('gives no reason that has no name of ours', () => expect(Object.keys(codes).map(telnyxReason)).not.toContain('OTHER'));
  it('may give any other', () => expect([telnyxReason('NEW_ONE'), telnyxReason('constructor')]).toEqual(['OTHER', 'OTHER']));

  it('would be read by its own client as the emulator tells it', async () => {
    const { default: Client } = await import('telnyx');
    const client = new Client({ apiKey: 'KEY', baseURL: `${emulator.url}/v2` });
    const made = await client.portingOrders.create({ phone_numbers: ['+12125550142'], customer_reference: ORDER });
    const id = made.data?.[0]?.id ?? '';
    await client.portingOrders.update(id, { documents: { loa: 'a document' } });
    const confirmed = await client.portingOrders.actions.confirm(id);
    expect(confirmed.data?.status?.value).toBe('in-process');
    const found = await client.portingOrders.list({ filter: { customer_reference: ORDER } });
    expect(found.data.map((order) => order.id)).toEqual([id]);
  });

  type PortOutStatus = NonNullable<Telnyx.PortoutDetails['status']>;
  const portOutStatuses: Readonly<Record<PortOutStatus, string>> = {
    pending: 'open',
    authorized: 'authorized',
    'rejected-pending': 'rejected',
    rejected: 'rejected',
    ported: 'ported',
    canceled: 'cancelled',
  };
  it.each(Object.entries(portOutStatuses))('has port-outs that are %s, which is %s', (status, ours) => {
    const at = '2026-03-02T15:00:00Z';
    const { data } = portOutAnswer.parse({ data: { id: 'x', status, inserted_at: at, updated_at: at } });
    expect(telnyxPortOut(data, null, now).status).toBe(ours);
  });

  it('would be read and answered by its own client, of numbers that leave, as by us', async () => {
    const { default: Client } = await import('telnyx');
    const client = new Client({ apiKey: 'KEY', baseURL: `${emulator.url}/v2` });
    const { id } = askForNumbers(emulator.portOuts, { phone_numbers: ['+12125550142'], pin: '4711' });
    const listed = await client.portouts.list({ filter: { inserted_at: { gte: '2026-03-01T00:00:00Z' } } });
    expect(listed.data.map((portOut) => portOut.id)).toEqual([id]);
    const events = await client.portouts.events.list({ filter: { portout_id: id, event_type: 'portout.status_changed' } });
    expect(portOutEvents.parse({ data: events.data }).data[0]?.payload?.attempted_pin).toBe('4711');
    const codes = await client.portouts.listRejectionCodes(id);
    expect(rejectionCodes.parse(codes).data[0]).toEqual({ code: 1002, description: 'Invalid PIN' });
    const answered = await client.portouts.updateStatus('rejected-pending', { id, reason: '1002 Invalid PIN' });
    expect(telnyxPortOut(portOutAnswer.parse(answered).data, null, now)).toMatchObject({ ref: id, status: 'rejected' });
    await client.portouts.comments.create(id, { body: 'Why?' });
    expect((await client.portouts.comments.list(id)).data?.map((comment) => comment.body)).toEqual(['Why?']);
  });
});

describe('Telnyx, before there is an order', () => {
  let emulator: TelnyxEmulator;
  beforeAll(async () => (emulator = await startTelnyxEmulator()));
  afterAll(() => emulator?.stop());

  type Need = NonNullable<
    NonNullable<Telnyx.CustomerServiceRecordVerifyPhoneNumberCoverageResponse['data']>[number]['additional_data_required']
  >[number];
  type Told = Exclude<keyof NonNullable<Telnyx.CustomerServiceRecordCreateParams['additional_data']>, never>;
  it('names what losing carriers want to know alike where it asks for it and where it is told', () => {
    const needs: Readonly<Record<Need, Told>> = {
      ...{ name: 'name', authorized_person_name: 'authorized_person_name', account_number: 'account_number', pin: 'pin' },
      ...{ customer_code: 'customer_code', address_line_1: 'address_line_1', city: 'city', state: 'state', zip_code: 'zip_code' },
      ...{ billing_phone_number: 'billing_phone_number' },
    };
    for (const [asked, told] of Object.entries(needs)) expect(told).toBe(asked);
  });

  it('would be read by its own client as the emulator tells records, requirements and times', async () => {
    const { default: Client } = await import('telnyx');
    const client = new Client({ apiKey: 'KEY', baseURL: `${emulator.url}/v2` });
    const number = '+12125550142';
    emulator.beforehand.coverages.set(number, ['account_number']);
    const { data: covered } = await client.customerServiceRecords.verifyPhoneNumberCoverage({ phone_numbers: [number] });
    expect(covered).toMatchObject([{ has_csr_coverage: true, additional_data_required: ['account_number'] }]);
    const made = await client.customerServiceRecords.create({ phone_number: number, additional_data: { account_number: '1' } });
    const found = await client.customerServiceRecords.list({
      filter: { phone_number: { eq: number }, created_at: { gt: '2026-01-01T00:00:00Z' } },
    });
    expect(found.data.map(({ id, status }) => [id, status])).toEqual([[made.data?.id, 'pending']]);
    tellRecord(emulator.beforehand, made.data?.id ?? '', { status: 'completed', result: { admin: { name: 'Ann Lee' } } });
    const record = await client.customerServiceRecords.retrieve(made.data?.id ?? '');
    expect(customerRecordAnswer.parse(record).data.result?.admin?.name).toBe('Ann Lee');
    emulator.beforehand.requirements.set('US local', [{ id: 'x', name: 'Invoice', type: 'document' }]);
    const asked = await client.requirements.list({ filter: { country_code: 'US', phone_number_type: 'local', action: 'porting' } });
    expect(requirements.parse({ data: asked.data }).data[0]?.requirement_types).toMatchObject([{ name: 'Invoice', type: 'document' }]);
    emulator.ports.orderRequirements.push({ id: 'x', name: 'Invoice', type: 'document' });
    emulator.ports.focWindows.push({ started_at: '2026-03-09T15:00:00Z', ended_at: '2026-03-09T23:00:00Z' });
    const { data: orders } = await client.portingOrders.create({ phone_numbers: [number] });
    const id = orders?.[0]?.id ?? '';
    const ofOrder = await client.portingOrders.retrieveRequirements(id);
    expect(orderRequirements.parse({ data: ofOrder.data }).data[0]?.requirement_type.name).toBe('Invoice');
    const windows = await client.portingOrders.retrieveAllowedFocWindows(id);
    expect(focWindows.parse(windows).data).toEqual(emulator.ports.focWindows);
  });
});

describe('Bandwidth', () => {
  let emulator: BandwidthEmulator;
  beforeAll(async () => (emulator = await startBandwidthEmulator()));
  afterAll(() => emulator?.stop());
  const recorded = require('@bandwidth/numbers/test/xml.json') as Readonly<Record<string, string>>;

  it('answered its own client what we read', () => {
    const order = lnpOrder.parse(readXml(recorded['portIn']!)).LnpOrderResponse;
    expect(bandwidthSnapshot('d28b', order, [], now)).toMatchObject({
      status: 'rejected',
      carrierStatus: 'PENDING_DOCUMENTS',
      rejections: [{ code: 'LOA_INVALID' }],
      numbers: [
        { e164: '+16882015025', status: 'pending' },
        { e164: '+16882015026', status: 'pending' },
      ],
    });
    expect(files.parse(readXml(recorded['files']!)).fileListResponse.fileData).toHaveLength(6);
    expect(notes.parse(readXml(recorded['notes']!)).Notes).toMatchObject({ Note: [{ Id: '11299' }, { Id: '11301' }] });
  });

  it('answered its own client what we read of records, asked or told', async () => {
    const read = (xml: string) => csrAnswer(csrOrder.parse(readXml(xml)).CsrResponse);
    expect(read(recorded['csrResponse']!)).toEqual({ kind: 'pending' });
    expect(read(recorded['csrOrder']!)).toEqual({
      kind: 'told',
      record: {
        fields: { subscriber_name: 'House of Mouse', service_address: '1234 Main ST', city: 'Durham', state: 'NC', postal_code: '27707' },
        numbers: ['+19198675309'],
      },
    });
    type Done = (error: Error | null, result: { orderId: string; status: string }) => void;
    type Sdk = {
      Client: new (account: string, user: string, password: string, id: undefined, secret: undefined, options: object) => object;
      CsrOrder: { create(client: object, order: object, done: Done): void };
    };
    const { Client, CsrOrder } = require('@bandwidth/numbers') as Sdk;
    const { accountId, user, password, url } = emulator;
    const client = new Client(accountId, user, password, undefined, undefined, { apiEndPoint: url });
    const made = await new Promise<Parameters<Done>[1]>((resolve, reject) =>
      CsrOrder.create(client, { workingOrBillingTelephoneNumber: '9198675309' }, (error, result) =>
        error ? reject(error) : resolve(result),
      ),
    );
    expect([made.status, made.orderId]).toEqual(['RECEIVED', emulator.csrs[0]?.orderId]);
  });

  it('would be read by its own client as the emulator tells it', async () => {
    type Port = { id: string; processingStatus: string; customerOrderId: string };
    type Done<T> = (error: Error | null, result: T) => void;
    type Sdk = {
      Client: new (account: string, user: string, password: string, id: undefined, secret: undefined, options: object) => object;
      PortIn: { create(client: object, order: object, done: Done<Port>): void; get(client: object, id: string, done: Done<Port>): void };
    };
    const { Client, PortIn } = require('@bandwidth/numbers') as Sdk;
    const { accountId, user, password, url } = emulator;
    const client = new Client(accountId, user, password, undefined, undefined, { apiEndPoint: url });
    const asked = <T>(ask: (done: Done<T>) => void) =>
      new Promise<T>((resolve, reject) => ask((error, result) => (error ? reject(error) : resolve(result))));
    const made = await asked<Port>((done) =>
      PortIn.create(client, { customerOrderId: 'abc 1', listOfPhoneNumbers: { phoneNumber: ['2125550142'] } }, done),
    );
    const found = await asked<Port>((done) => PortIn.get(client, made.id, done));
    expect([found.processingStatus, found.customerOrderId]).toEqual(['SUBMITTED', 'abc 1']);
  });

  it('answered its own client what we read of numbers that leave', async () => {
    const { LnpOrderResponse: order } = portOutOrder.parse(readXml(recorded['portOut']!));
    expect(bandwidthPortOut('8a89', order, now)).toMatchObject({
      ...{ ref: '8a89', status: 'open', numbers: [], purchaseOrder: '8a89dea8-a145-4796-8e73-0d859fc74cad' },
      ...{ winningCarrier: { id: '512E', name: '512E' }, focAt: new Date('2014-08-02T12:34:37Z') },
    });
    type Done = (error: Error | null, result: { portOutStatus: string; pON: string }) => void;
    type Sdk = {
      Client: new (account: string, user: string, password: string, id: undefined, secret: undefined, options: object) => object;
      PortOut: { get(client: object, id: string, done: Done): void };
    };
    const { Client, PortOut } = require('@bandwidth/numbers') as Sdk;
    const { accountId, user, password, url } = emulator;
    const client = new Client(accountId, user, password, undefined, undefined, { apiEndPoint: url });
    const { orderId } = orderNumbers(emulator.portOuts, 'PON-1', ['2125550142'], 'COMPLETE');
    const found = await new Promise<Parameters<Done>[1]>((resolve, reject) =>
      PortOut.get(client, orderId, (error, result) => (error ? reject(error) : resolve(result))),
    );
    expect(found.portOutStatus).toBe('COMPLETE');
  });

  it('is told names with signs of XML in them, and a reference that it can be searched by', () => {
    const xml = writeXml('LnpOrder', bandwidthOrder(ORDER, '2297', request, 'draft'));
    const { LnpOrder } = readXml(xml) as { LnpOrder: { CustomerOrderId: string; Subscriber: object; ListOfPhoneNumbers: object } };
    expect(LnpOrder.Subscriber).toMatchObject({
      FirstName: 'Ann Lee <&',
      LastName: 'Sons>',
      ServiceAddress: { HouseNumber: '350', StreetName: 'Fifth Avenue' },
    });
    expect(LnpOrder.ListOfPhoneNumbers).toEqual({ PhoneNumber: ['2125550142'] });
    const { CustomerOrderId: reference } = LnpOrder;
    expect([reference.length <= 40, versionOf(reference), orderIdOf(reference)]).toEqual([true, 7, ORDER]);
    expect([versionOf('PO-4711'), versionOf('')]).toEqual([0, 0]); // somebody else's
  });

  it.each([
    ['2026-01-30', '2026-01-30T16:30:00.000Z'], // 11:30 in New York, where it is winter
    ['2026-07-30', '2026-07-30T15:30:00.000Z'],
    ['2026-03-08', '2026-03-08T15:30:00.000Z'], // the clocks went forward that night
    ['2026-01-30T20:30:00Z', '2026-01-30T20:30:00.000Z'],
    ['2026-01-30T13:00:00-0400', '2026-01-30T17:00:00.000Z'],
  ])('means by the firm date %s %s', (said, instant) => {
    const order = lnpOrder.parse({ LnpOrderResponse: { ProcessingStatus: 'FOC', ActualFocDate: said } }).LnpOrderResponse;
    expect(bandwidthSnapshot('x', order, [], now).foc?.at.toISOString()).toBe(instant);
  });

  it('is not read when it defines entities, or is no XML', () => {
    expect(() => readXml('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>')).toThrow('document type');
    expect(() => readXml('<html><body>down')).toThrow('no XML');
  });
  it('gives reasons in numbers, known and not', () =>
    expect(['7519', '7513', '9999', ''].map(bandwidthReason)).toEqual(['NAME_MISMATCH', 'PIN_INVALID', 'OTHER', 'OTHER']));
});
