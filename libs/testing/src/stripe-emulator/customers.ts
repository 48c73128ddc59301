import type Stripe from 'stripe';
import { TEST_CARDS, find, newStripeId } from './account.ts';
import type { Account, Customer, PaymentMethod, TestCard } from './account.ts';
import { checkMetadata } from './metadata.ts';
import { declined, invalid, missing } from './stripe-fault.ts';

const isTestCard = (id: string): id is TestCard => (TEST_CARDS as readonly string[]).includes(id);

const attach = (account: Account, card: string, customerId: string): PaymentMethod => {
  if (!isTestCard(card)) throw missing('PaymentMethod', card, 'payment_method');
  if (card === 'pm_card_chargeDeclined') throw declined();
  const method: PaymentMethod = {
    id: newStripeId('pm'),
    object: 'payment_method',
    created: account.now(),
    type: 'card',
    livemode: false,
    customer: customerId,
    test_card: card,
  };
  account.state.paymentMethods[method.id] = method;
  account.emit('payment_method.attached', method);
  return method;
};

/** A test card named as default must have been given as `payment_method` in the same request; else the id is that of an attached one. */
const defaultMethod = (account: Account, customerId: string, wanted: string, given?: string): string => {
  const methods = Object.values(account.state.paymentMethods).filter(({ customer }) => customer === customerId);
  const found = methods.find(({ id, test_card }) => id === wanted || (given === wanted && test_card === wanted));
  if (!found)
    throw invalid(
      `The customer does not have a payment method with the ID ${wanted}.`,
      'invoice_settings[default_payment_method]',
      'resource_missing',
    );
  return found.id;
};

export const createCustomer = (account: Account, params: Stripe.CustomerCreateParams): Customer => {
  const customer: Customer = {
    id: newStripeId('cus'),
    object: 'customer',
    created: account.now(),
    email: params.email ?? null,
    name: params.name || null,
    metadata: checkMetadata(params.metadata),
    livemode: false,
    invoice_settings: { default_payment_method: null },
  };
  const card = params.payment_method ?? account.newCustomerCard;
  if (card) attach(account, card, customer.id);
  const wanted = params.invoice_settings?.default_payment_method ?? (params.payment_method ? undefined : account.newCustomerCard);
  if (wanted) customer.invoice_settings.default_payment_method = defaultMethod(account, customer.id, wanted, card);
  account.state.customers[customer.id] = customer;
  account.emit('customer.created', customer);
  return customer;
};

export const retrieveCustomer = (account: Account, _: object, id: string): Customer => find(account.state.customers, 'customer', id);

export const updateCustomer = (account: Account, params: Stripe.CustomerUpdateParams, id: string): Customer => {
  const customer = find(account.state.customers, 'customer', id);
  const wanted = params.invoice_settings?.default_payment_method;
  if (wanted) customer.invoice_settings.default_payment_method = defaultMethod(account, id, wanted);
  if (params.name !== undefined) customer.name = params.name || null;
  if (params.email !== undefined) customer.email = params.email || null;
  customer.metadata = { ...customer.metadata, ...checkMetadata(params.metadata) };
  account.emit('customer.updated', customer);
  return customer;
};

/** Takes a payment method off its customer; as the default it is gone too. */
export const detachPaymentMethod = (account: Account, _: object, id: string): PaymentMethod => {
  const method = find(account.state.paymentMethods, 'PaymentMethod', id, 'payment_method');
  const customer = account.state.customers[method.customer ?? ''];
  if (!customer) throw invalid('The payment method is attached to no customer', 'payment_method');
  method.customer = null;
  account.emit('payment_method.detached', method);
  if (customer.invoice_settings.default_payment_method === id) {
    customer.invoice_settings.default_payment_method = null;
    account.emit('customer.updated', customer);
  }
  return method;
};

export const attachPaymentMethod = (account: Account, params: Stripe.PaymentMethodAttachParams, id: string): PaymentMethod => {
  const customer = find(account.state.customers, 'customer', params.customer ?? '', 'customer');
  return attach(account, id, customer.id);
};
