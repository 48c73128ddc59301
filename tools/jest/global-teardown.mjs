/** Stops the servers that global-setup.mjs started, once for all projects. */
export default async function globalTeardown() {
  const server = globalThis.testDatabaseServer;
  globalThis.testDatabaseServer = undefined;
  await server?.stop();
}
