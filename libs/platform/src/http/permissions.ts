/** What one of the operator's staff may be allowed beside scopes: to look, to help customers, to change the platform. An operator's key may do all of it. */
export const OPERATOR_PERMISSIONS = ['operator:read', 'operator:support', 'operator:write'] as const;
export type OperatorPermission = (typeof OPERATOR_PERMISSIONS)[number];

/** The operator's routes that need something else than their method says. */
const EXCEPTIONS: Readonly<Record<string, OperatorPermission>> = {
  placeHold: 'operator:support',
  liftHold: 'operator:support',
  placeTenant: 'operator:support',
  retryCdrIssue: 'operator:support',
  keepStoredCall: 'operator:support',
  replaceStoredCall: 'operator:support',
  discardCdrIssue: 'operator:support',
  waiveUnratedCall: 'operator:support',
  rateUnratedCalls: 'operator:support',
  readOutbox: 'operator:write', // mails let their reader in as somebody else
};

/** The permission of each of the operator's routes: who may look may read, and a change that nobody thought of is the administrators'. */
export const operatorPermission = (method: string, operationId: string): OperatorPermission =>
  EXCEPTIONS[operationId] ?? (method === 'GET' ? 'operator:read' : 'operator:write');
