// What is needed from the operating system. To run: Kamailio with its modules, SIPp to place calls, a C compiler for one small preload
// library, openssl for a first certificate. To test, beside that: a Redis and a browser that tests start for themselves, libfaketime for
// wrong clocks, baresip as the telephone of somebody who connects one. Installed by apt on Debian and Ubuntu; elsewhere the control plane runs without an edge.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const isUbuntu = existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));

export const TO_RUN = [
  'kamailio',
  'kamailio-sqlite-modules',
  'kamailio-extra-modules',
  'kamailio-tls-modules',
  'sip-tester',
  'gcc',
  'libc6-dev',
  'libsqlite3-0',
  'openssl',
];
export const TO_TEST = [...TO_RUN, 'baresip-core', 'libfaketime', 'redis-server', isUbuntu ? 'chromium-browser' : 'chromium'];
const LEAST_KAMAILIO = [5, 6];
const POLICY = '/usr/sbin/policy-rc.d';
const MARK = '# written by Trunkline while it installs Kamailio';
/** Debian starts these as soon as they are installed; ours run as children of our own processes instead. */
const SERVICES = { kamailio: 'kamailio.service', 'redis-server': 'redis-server.service' };

/** Those of `packages` that `dpkg-query -W -f '${db:Status-Abbrev}${Package}\n'` does not list as installed ("ii "). */
export function notInstalled(listing, packages) {
  const lines = listing.split('\n');
  return packages.filter((name) => !lines.some((line) => line.startsWith('ii') && line.slice(2).trim() === name));
}

/** True for the first line of `kamailio -v`, "version: kamailio 5.6.3 (…)", when it is new enough. */
export function isNewEnough(versionText) {
  const [, major, minor] = /kamailio (\d+)\.(\d+)/.exec(versionText) ?? [];
  return Number(major) > LEAST_KAMAILIO[0] || (Number(major) === LEAST_KAMAILIO[0] && Number(minor) >= LEAST_KAMAILIO[1]);
}

const run = (command, args) => spawnSync(command, args, { encoding: 'utf8' });
const missing = (packages) =>
  notInstalled(run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}${Package}\n', ...packages]).stdout ?? '', packages);
const policyLeftBehind = () => existsSync(POLICY) && readFileSync(POLICY, 'utf8').includes(MARK);

/**
 * The installation as one shell script for root. Debian starts a service as soon as it is installed, and Kamailio's would take port
 * 5060, Redis' 6379: a policy-rc.d refuses just that, asks the machine's own policy (kept beside) about everything else, and goes away
 * whatever happens. After a kill -9 the next run finds the mark and puts things right first. A service that was there before is left alone.
 */
export function installScript(packages) {
  const apt = 'apt-get -o DPkg::Lock::Timeout=120 -qq';
  const services = packages.flatMap((name) => SERVICES[name] ?? []);
  return `set -u
export DEBIAN_FRONTEND=noninteractive
policy=${POLICY} kept=${POLICY}.before-trunkline
restore() {
  if grep -qs '${MARK}' $policy; then rm -f $policy; fi
  if [ -e $kept ]; then mv $kept $policy; fi
}
restore
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[ ${packages.length} -gt 0 ] || exit 0
if [ -e $policy ]; then mv $policy $kept; fi
cat > $policy <<'END'
#!/bin/sh
${MARK}
case "$*" in *kamailio* | *redis*) exit 101 ;; esac
[ ! -x ${POLICY}.before-trunkline ] || exec ${POLICY}.before-trunkline "$@"
exit 0
END
chmod 755 $policy
install() { ${apt} install -y --no-install-recommends ${packages.join(' ')} </dev/null; }
install >/dev/null 2>&1 || { ${apt} update && install >&2; } || exit 1
${services.length > 0 ? `systemctl disable ${services.join(' ')} >/dev/null 2>&1 || true` : ':'}
`;
}

/** How to become root here: a command prefix, or undefined. */
function asRoot() {
  if (process.getuid() === 0) return [];
  if (run('sudo', ['-n', 'true']).status === 0) return ['sudo', '-n'];
  return process.stdin.isTTY && run('sudo', ['--version']).status === 0 ? ['sudo'] : undefined;
}

function failureReason(absent) {
  const known = run('apt-cache', ['policy', ...absent]).stdout ?? '';
  const unknown = absent.filter((name) => !new RegExp(`^${name}:\\n.*\\n\\s*Candidate: [^(]`, 'm').test(known));
  if (unknown.length === 0) return 'apt-get could not install them (its words are above)';
  return `apt knows no ${unknown.join(', ')}${isUbuntu ? '; enable "universe": sudo add-apt-repository universe' : ''}`;
}

function install(absent) {
  const prefix = asRoot();
  if (prefix === undefined) return `no right to install packages; run: sudo apt-get install ${absent.join(' ')}`;
  const [command, ...args] = [...prefix, 'sh', '-c', installScript(absent)];
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0 && missing(absent).length === 0 ? undefined : failureReason(missing(absent));
}

/**
 * Makes sure that an edge can run here; prints one line before it installs anything.
 * @param packages `TO_RUN`, or `TO_TEST` for what tests need as well
 * @returns `{edge: true}` or `{edge: false, reason}`
 */
export function ensureSystemPackages(packages) {
  const without = (reason) => ({ edge: false, reason });
  if (process.platform !== 'linux') return without('Kamailio is set up on Debian and Ubuntu only');
  if (run('dpkg-query', ['--version']).status !== 0) return without('this is neither Debian nor Ubuntu');
  const absent = missing(packages);
  if (absent.length > 0) console.log(`Installing system packages with apt: ${absent.join(' ')} …`);
  const fault = absent.length > 0 || policyLeftBehind() ? install(absent) : undefined;
  if (fault) return without(fault);
  const version = run('kamailio', ['-v']).stdout ?? '';
  if (!isNewEnough(version)) return without(`Kamailio ${LEAST_KAMAILIO.join('.')} or newer is needed`);
  return { edge: true };
}
