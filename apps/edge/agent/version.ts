/** What the agent calls itself towards the gateway: the version of its package. */
export const VERSION = '0.1.0';
