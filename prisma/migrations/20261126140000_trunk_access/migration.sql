-- ---- trunks: what proves their calls, what media they take, how they may register ----

ALTER TABLE "trunk"
  ADD COLUMN "auth_mode" TEXT NOT NULL DEFAULT 'either' CHECK ("auth_mode" IN ('either', 'digest', 'ip', 'both')),
  ADD COLUMN "codecs" TEXT[] CHECK (cardinality("codecs") > 0),
  ADD COLUMN "srtp" TEXT NOT NULL DEFAULT 'optional' CHECK ("srtp" IN ('disabled', 'optional', 'required')),
  ADD COLUMN "registration_contacts_max" INTEGER CHECK ("registration_contacts_max" BETWEEN 1 AND 20),
  ADD COLUMN "registration_expires_min_secs" INTEGER CHECK ("registration_expires_min_secs" BETWEEN 60 AND 3600),
  ADD COLUMN "registration_expires_max_secs" INTEGER CHECK ("registration_expires_max_secs" BETWEEN 60 AND 3600),
  ADD CONSTRAINT "trunk_registration_expires_check" CHECK ("registration_expires_min_secs" <= "registration_expires_max_secs");

-- ---- addresses and credentials that several trunks may use ----

CREATE TABLE "ip_list" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "networks" TEXT[] NOT NULL CHECK (cardinality("networks") > 0),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "ip_list_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE UNIQUE INDEX "ip_list_name_key" ON "ip_list"("tenant_id", "name") WHERE "deleted_at" IS NULL;

CREATE TABLE "credential_list" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "credential_list_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE UNIQUE INDEX "credential_list_name_key" ON "credential_list"("tenant_id", "name") WHERE "deleted_at" IS NULL;

-- A released row remembers which entries to compile anew.
CREATE TABLE "trunk_ip_list" (
    "tenant_id" UUID NOT NULL,
    "trunk_id" UUID NOT NULL,
    "ip_list_id" UUID NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "trunk_ip_list_pkey" PRIMARY KEY ("tenant_id","trunk_id","ip_list_id"),
    CONSTRAINT "trunk_ip_list_trunk_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "trunk_ip_list_list_fkey" FOREIGN KEY ("tenant_id", "ip_list_id") REFERENCES "ip_list"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "trunk_ip_list_list_idx" ON "trunk_ip_list"("tenant_id", "ip_list_id");

CREATE TABLE "trunk_credential_list" (
    "tenant_id" UUID NOT NULL,
    "trunk_id" UUID NOT NULL,
    "credential_list_id" UUID NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "trunk_credential_list_pkey" PRIMARY KEY ("tenant_id","trunk_id","credential_list_id"),
    CONSTRAINT "trunk_credential_list_trunk_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "trunk_credential_list_list_fkey" FOREIGN KEY ("tenant_id", "credential_list_id") REFERENCES "credential_list"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "trunk_credential_list_list_idx" ON "trunk_credential_list"("tenant_id", "credential_list_id");
CREATE INDEX "trunk_credential_list_trunk_idx" ON "trunk_credential_list"("trunk_id");

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['ip_list', 'credential_list', 'trunk_ip_list', 'trunk_credential_list'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO trunkline_app, trunkline_system', t);
  END LOOP;
END $$;

-- ---- credentials of a list ----

ALTER TABLE "trunk_credential" ALTER COLUMN "trunk_id" DROP NOT NULL;
ALTER TABLE "trunk_credential"
  ADD COLUMN "credential_list_id" UUID,
  ADD CONSTRAINT "trunk_credential_owner_check" CHECK (num_nonnulls("trunk_id", "credential_list_id") = 1),
  ADD CONSTRAINT "trunk_credential_list_fkey" FOREIGN KEY ("tenant_id", "credential_list_id") REFERENCES "credential_list"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "trunk_credential_list_idx" ON "trunk_credential"("tenant_id", "credential_list_id") WHERE "credential_list_id" IS NOT NULL;

-- ---- addresses: a trunk's own and those of its lists; whether one alone tells whose a call is ----

ALTER TABLE "trunk_address"
  ADD COLUMN "listed" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "identifies" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "trunk_address" DROP CONSTRAINT "trunk_address_taken";
ALTER TABLE "trunk_address"
  ADD CONSTRAINT "trunk_address_taken" EXCLUDE USING gist ("network" inet_ops WITH &&, tech_prefix_range("tech_prefix") WITH &&) WHERE ("released_at" IS NULL AND "identifies");
