// `npm run rehearse-upgrade -- REF`: upgrades a running platform from the build of that commit to this one while calls and requests go on, and
// counts what failed. Without REF: from the last commit before the schema changed. It is row 24 of `npm run proof`.
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const [ref, ...rest] = process.argv.slice(2);
if (rest.length > 0 || ref?.startsWith('-')) {
  console.error('npm run rehearse-upgrade -- [REF], with REF a commit, tag or branch of this repository');
  process.exit(2);
}
if (ref) process.env.TRUNKLINE_UPGRADE_FROM = ref;
const { playRows } = await import('./play-rows.mjs');
process.exitCode = await playRows([24]);
