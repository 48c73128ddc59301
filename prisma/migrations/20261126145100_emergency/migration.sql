-- Where help is to go when a number calls for it, and who is told.
CREATE TABLE "emergency_address" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "house_number" TEXT NOT NULL,
    "street" TEXT NOT NULL,
    "location" TEXT,
    "city" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "postal_code" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "candidates" JSONB NOT NULL DEFAULT '[]',
    "provider_reference" TEXT,
    "validated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "emergency_address_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "emergency_registration" (
    "tenant_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "next_address_id" UUID,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "registered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emergency_registration_pkey" PRIMARY KEY ("tenant_id","number_id")
);
CREATE TABLE "emergency_waiver" (
    "tenant_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "signed_by" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emergency_waiver_pkey" PRIMARY KEY ("tenant_id","number_id")
);
CREATE TABLE "emergency_contact" (
    "tenant_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emergency_contact_pkey" PRIMARY KEY ("tenant_id","email")
);
CREATE TABLE "emergency_call" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emergency_call_pkey" PRIMARY KEY ("tenant_id","id")
);
-- One row: numbers of these countries must have an address to be called from. None, until the operator says so.
CREATE TABLE "emergency_policy" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "required_countries" TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT "emergency_policy_pkey" PRIMARY KEY ("only")
);
CREATE INDEX "emergency_address_tenant_id_created_at_id_idx" ON "emergency_address"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "emergency_registration_tenant_id_address_id_idx" ON "emergency_registration"("tenant_id", "address_id");
CREATE INDEX "emergency_registration_tenant_id_next_address_id_idx" ON "emergency_registration"("tenant_id", "next_address_id");

-- AddForeignKey
ALTER TABLE "emergency_address" ADD CONSTRAINT "emergency_address_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_registration" ADD CONSTRAINT "emergency_registration_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_registration" ADD CONSTRAINT "emergency_registration_tenant_id_address_id_fkey" FOREIGN KEY ("tenant_id", "address_id") REFERENCES "emergency_address"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_registration" ADD CONSTRAINT "emergency_registration_tenant_id_next_address_id_fkey" FOREIGN KEY ("tenant_id", "next_address_id") REFERENCES "emergency_address"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_waiver" ADD CONSTRAINT "emergency_waiver_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_contact" ADD CONSTRAINT "emergency_contact_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

ALTER TABLE "emergency_address" ADD CHECK ("state" IN ('validating', 'valid', 'invalid'));
ALTER TABLE "emergency_registration"
  ADD CHECK ("state" IN ('provisioning', 'active', 'updating', 'failed', 'deprovisioning')),
  ADD CHECK (("state" = 'updating') = ("next_address_id" IS NOT NULL));
ALTER TABLE "emergency_policy" ADD CHECK ("only");
INSERT INTO "emergency_policy" DEFAULT VALUES;

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['emergency_address', 'emergency_registration', 'emergency_waiver', 'emergency_contact', 'emergency_call'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "emergency_address", "emergency_registration", "emergency_waiver" TO trunkline_app, trunkline_system;
GRANT DELETE ON "emergency_waiver", "emergency_contact" TO trunkline_app, trunkline_system;
GRANT DELETE ON "emergency_registration" TO trunkline_system;
GRANT SELECT ON "emergency_policy" TO trunkline_app, trunkline_system;
GRANT UPDATE ON "emergency_policy" TO trunkline_system;
