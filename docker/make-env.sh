#!/bin/sh
# Makes docker/.env with fresh secrets; never overwrites one, because what is sealed with a lost ENCRYPTION_KEY is lost too.
set -eu
cd "$(dirname "$0")"
umask 077
if [ -e .env ]; then echo "docker/.env exists already; nothing changed." >&2; exit 1; fi
random() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
cat > .env <<END
POSTGRES_PASSWORD=$(random 24)
APP_PASSWORD=$(random 24)
SYSTEM_PASSWORD=$(random 24)
REDIS_PASSWORD=$(random 24)
ENCRYPTION_KEY=$(head -c 32 /dev/urandom | base64)
# of your Stripe account, and of the webhook endpoint <your API>/v1/stripe/webhooks there
STRIPE_API_KEY=
STRIPE_WEBHOOK_SECRET=
# fixed for the life of the installation: every SIP password is bound to it
SIP_REALM=sip.example.com
# of POST /v1/edges, and the address where the edge takes calls
EDGE_ENROL_TOKEN=
EDGE_SIP_ADDRESS=192.0.2.10:5060
END
echo "Made docker/.env: fill in STRIPE_API_KEY, STRIPE_WEBHOOK_SECRET and SIP_REALM."
