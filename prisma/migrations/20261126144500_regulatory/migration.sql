-- Papers that say who uses numbers of a kind, and which countries' numbers are ordered with them alone.
CREATE TABLE "regulatory_bundle" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "number_type" TEXT NOT NULL,
    "end_user" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "items" JSONB NOT NULL DEFAULT '[]',
    "reason" TEXT,
    "valid_until" TIMESTAMPTZ(3),
    "noticed_days" INTEGER,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "regulatory_bundle_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "regulatory_policy" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "countries" TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT "regulatory_policy_pkey" PRIMARY KEY ("only")
);
INSERT INTO "regulatory_policy" ("only") VALUES (true);
CREATE INDEX "regulatory_bundle_tenant_id_created_at_id_idx" ON "regulatory_bundle"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "regulatory_bundle_state_created_at_idx" ON "regulatory_bundle"("state", "created_at" DESC, "id" DESC);
CREATE INDEX "regulatory_bundle_valid_until_idx" ON "regulatory_bundle"("valid_until") WHERE "state" = 'approved' AND "valid_until" IS NOT NULL;

ALTER TABLE "regulatory_bundle" ADD CONSTRAINT "regulatory_bundle_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "regulatory_bundle"
  ADD CHECK ("state" IN ('draft', 'submitted', 'approved', 'rejected', 'expired')),
  ADD CHECK ("number_type" IN ('local', 'national', 'mobile', 'toll_free')),
  ADD CHECK ("end_user" IN ('individual', 'business')),
  ADD CHECK ("valid_until" IS NULL OR "state" = 'approved');
ALTER TABLE "regulatory_policy" ADD CHECK ("only");

ALTER TABLE "regulatory_bundle" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "regulatory_bundle" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "regulatory_bundle" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "regulatory_bundle" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "regulatory_bundle" TO trunkline_app;
GRANT SELECT, UPDATE ON "regulatory_bundle" TO trunkline_system;
GRANT SELECT ON "regulatory_policy" TO trunkline_app;
GRANT SELECT, UPDATE ON "regulatory_policy" TO trunkline_system;

ALTER TABLE "number_order" ADD COLUMN "bundle_id" UUID;
ALTER TABLE "number_order" ADD CONSTRAINT "number_order_tenant_id_bundle_id_fkey" FOREIGN KEY ("tenant_id", "bundle_id") REFERENCES "regulatory_bundle"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
