/** Audit actions that customers hear of by an event of another name. */
export const TOLD_AS: Readonly<Record<string, string>> = {
  'hold.placed': 'tenant.held',
  'hold.changed': 'tenant.held',
  'emergency_registration.requested': 'emergency_registration.changed',
  'emergency_registration.removed': 'emergency_registration.changed',
  'emergency_registration.settled': 'emergency_registration.changed',
  'emergency_contacts.replaced': 'emergency_contacts.changed',
  'caller_name.requested': 'caller_name.changed',
  'caller_name.removed': 'caller_name.changed',
  'caller_name.moved': 'caller_name.changed',
  'hold.lifted': 'tenant.hold_lifted',
  'tenant.home_placed': 'tenant.home_moved',
  'edge.tenants_moved': 'tenant.home_moved',
  'plan_assignment.created': 'plan.assigned',
  'number.updated': 'number.assigned', // or number.unassigned, or number.updated
  'deck_version.published': 'deck.version_published',
  'call_export.created': 'call_export.requested',
  'number.transferred': 'number.transferred_in', // and number.transferred_out to whom it was taken from
  'number_job.created': 'number_job.requested',
  'sso_connection.removed': 'sso_connection.changed',
  'kyc_file.submitted': 'kyc.submitted',
  'kyc_file.*': 'kyc.*', // whatever its review decides
};

const OPERATORS = 'The operator’s own: no customer has it or sees it';

/** Audit actions that no event tells of, and why; `noun.*` for all of a noun. */
export const QUIET_ACTIONS: Readonly<Record<string, string>> = {
  'operator_key.*': OPERATORS,
  'tenant.signed_up': 'Part of CreateTenant’s tenant.created: how it came about',
  'person.*': 'A person is nobody’s customer, and who they are is told to no tenant they belong to',
  'person_session.*': 'Who logs in when is in the audit; told to everybody who listens, it would be watched',
  'carrier.*': OPERATORS,
  'gateway.*': OPERATORS,
  'carrier_route.*': OPERATORS,
  'channel_offer.*': `${OPERATORS}. What a tenant holds of it changes by channel_pool.resized`,
  'deck.*': `${OPERATORS}. What a tenant pays changes by plan.assigned`,
  'plan.*': `${OPERATORS}. What a tenant pays changes by plan.assigned`,
  'number_import.*': OPERATORS,
  'number_policy.*': OPERATORS,
  'number_reservation.*': 'Whoever reserves has the answer; a reservation ends by itself, and an order is told',
  'emergency_policy.*': OPERATORS,
  'verified_number.code_sent': 'Part of verified_number.started: the code again',
  'edge.*': `${OPERATORS}. Where a tenant’s calls go changes by tenant.home_moved`,
  'edge_allow_entry.*': OPERATORS,
  'kyc_policy.*': OPERATORS,
  'kyc_file.updated': 'What is written so far is nobody’s but the tenant’s; handing it over is kyc.submitted',
  'kyc_document.*': 'Papers are personal: that there are any is told to nobody',
  'port_document.read': 'Who looked at a paper is in the audit',
  'port_document.removed': 'Whoever takes a document out has the answer; what that makes of the order is port_order.incomplete',
  'port_document.erased': 'What retention promised, a year after the order’s end',
  'port_share_link.*': 'A link lets whoever has it in: that there is one is told to nobody; what comes by it is port_document.added',
  'regulatory_policy.*': OPERATORS,
  'resale_plan.*': 'A reseller sees the plans that it may hand on; what its tenants pay changes by plan.assigned',
  'cdr_issue.*': `${OPERATORS}. A line that becomes a call is told as that call`,
  'calls.months_dropped': 'What retention promised, on the day it promised',
  'call.waived': 'The call was not charged before and is not charged now',
  'invoice.payment_requested': 'Whoever asks has the answer; what comes of it is invoice.paid or invoice.payment_failed',
  'webhook_endpoint.pinged': 'Sends a message itself: webhook.ping',
  'webhook_endpoint.replayed': 'Sends messages itself',
  'webhook_delivery.replayed': 'Sends a message itself',
};
