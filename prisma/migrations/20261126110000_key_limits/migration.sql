-- Where a key may be used from, the secret it had before a rotation, and when it was used last.
ALTER TABLE "api_key"
  ADD COLUMN "allowed_networks" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "old_hash" BYTEA,
  ADD COLUMN "old_valid_until" TIMESTAMPTZ(3),
  ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now();
CREATE UNIQUE INDEX "api_key_old_hash_key" ON "api_key"("old_hash");

ALTER TABLE "operator_key"
  ADD COLUMN "allowed_networks" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "expires_at" TIMESTAMPTZ(3),
  ADD COLUMN "old_hash" BYTEA,
  ADD COLUMN "old_valid_until" TIMESTAMPTZ(3),
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "operator_key_old_hash_key" ON "operator_key"("old_hash");

-- How many requests a second a tenant's keys may make together; null: what the platform allows everybody.
ALTER TABLE "tenant" ADD COLUMN "requests_per_sec_max" INTEGER;

-- Token buckets that all API processes lease from. Unlogged: a lease writes no log and waits for no disk; after a crash every bucket is full.
CREATE UNLOGGED TABLE "rate_bucket" (
    "id" TEXT NOT NULL,
    "micro_tokens" BIGINT NOT NULL,
    "granted" INTEGER NOT NULL,
    "filled_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "rate_bucket_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_bucket" TO trunkline_system;
