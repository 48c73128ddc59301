-- ---- numbers that another carrier asks for ----

CREATE TABLE "port_out" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "carrier" TEXT NOT NULL,
    "carrier_ref" TEXT NOT NULL,
    "carrier_version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "purchase_order" TEXT,
    "winning_carrier_id" TEXT,
    "winning_carrier_name" TEXT NOT NULL,
    "subscriber_name" TEXT,
    "account_matches" BOOLEAN,
    "postal_code_matches" BOOLEAN,
    "numbers_max" INTEGER NOT NULL,
    "synchronous" BOOLEAN NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "carrier_deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "answer_by" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "reason" TEXT,
    "evidence" TEXT,
    "foc_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "tell_due_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_out_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "port_out_number" (
    "tenant_id" UUID NOT NULL,
    "port_out_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "locked" BOOLEAN NOT NULL,
    "pin" TEXT,
    "open" BOOLEAN NOT NULL,

    CONSTRAINT "port_out_number_pkey" PRIMARY KEY ("tenant_id","port_out_id","number_id")
);
CREATE TABLE "port_out_event" (
    "tenant_id" UUID NOT NULL,
    "port_out_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT,
    "foc_at" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_out_event_pkey" PRIMARY KEY ("tenant_id","port_out_id","sequence")
);
-- what protects a number, where it is not what protects all of its tenant's
CREATE TABLE "port_out_protection" (
    "tenant_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "pin_mac" BYTEA,
    "locked" BOOLEAN,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_out_protection_pkey" PRIMARY KEY ("tenant_id","number_id")
);
CREATE TABLE "port_out_policy" (
    "tenant_id" UUID NOT NULL,
    "pin_mac" BYTEA,
    "locked" BOOLEAN NOT NULL DEFAULT false,
    "account_number" TEXT,
    "postal_code" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_out_policy_pkey" PRIMARY KEY ("tenant_id")
);
-- wrong PINs, counted where the PIN is kept: of a number by its id, of all the tenant's by the tenant's
CREATE TABLE "port_out_guess" (
    "tenant_id" UUID NOT NULL,
    "subject_id" UUID NOT NULL,
    "wrong" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3),

    CONSTRAINT "port_out_guess_pkey" PRIMARY KEY ("tenant_id","subject_id")
);
-- every request of a carrier, whoever's numbers it names or nobody's, and what it was answered: a repeat is answered the same
CREATE TABLE "carrier_port_out" (
    "carrier" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "owner_id" UUID,
    "port_out_id" UUID,
    "answer" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_port_out_pkey" PRIMARY KEY ("carrier","ref")
);
-- how far the changes that a carrier tells of are read
CREATE TABLE "port_out_feed" (
    "carrier" TEXT NOT NULL,
    "read_to" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_out_feed_pkey" PRIMARY KEY ("carrier")
);
-- the books of the emulated carrier
CREATE TABLE "emulated_port_out" (
    "ref" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emulated_port_out_pkey" PRIMARY KEY ("ref")
);
-- days that carriers keep closed though others work, or work though others do not; no carrier: all of the country
CREATE TABLE "carrier_holiday" (
    "id" UUID NOT NULL,
    "country" CHAR(2) NOT NULL,
    "losing_carrier_id" TEXT NOT NULL DEFAULT '',
    "date" DATE NOT NULL,
    "closed" BOOLEAN NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_holiday_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "port_out_carrier_carrier_ref_key" ON "port_out"("carrier", "carrier_ref");
CREATE INDEX "port_out_tenant_id_created_at_id_idx" ON "port_out"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "port_out_number_tenant_id_number_id_idx" ON "port_out_number"("tenant_id", "number_id");
CREATE INDEX "emulated_port_out_changed_at_idx" ON "emulated_port_out"("changed_at");
CREATE UNIQUE INDEX "carrier_holiday_country_losing_carrier_id_date_key" ON "carrier_holiday"("country", "losing_carrier_id", "date");
-- the clocks of open requests: what is due is read, not all there is
CREATE INDEX "port_out_answer_by_idx" ON "port_out" ("answer_by") WHERE "state" = 'pending_tenant';
CREATE INDEX "port_out_tell_due_at_idx" ON "port_out" ("tell_due_at") WHERE "tell_due_at" IS NOT NULL;

ALTER TABLE "port_out" ADD CONSTRAINT "port_out_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_number" ADD CONSTRAINT "port_out_number_tenant_id_port_out_id_fkey" FOREIGN KEY ("tenant_id", "port_out_id") REFERENCES "port_out"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_number" ADD CONSTRAINT "port_out_number_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_event" ADD CONSTRAINT "port_out_event_tenant_id_port_out_id_fkey" FOREIGN KEY ("tenant_id", "port_out_id") REFERENCES "port_out"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_protection" ADD CONSTRAINT "port_out_protection_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_policy" ADD CONSTRAINT "port_out_policy_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out_guess" ADD CONSTRAINT "port_out_guess_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_out" ADD CHECK ("state" IN
  ('received', 'pending_tenant', 'authorized', 'rejected', 'foc_scheduled', 'completed', 'cancelled', 'disputed', 'reversing', 'restored', 'upheld'));
ALTER TABLE "port_out" ADD CHECK ("decided_by" IN ('policy', 'tenant', 'silence', 'carrier'));
ALTER TABLE "port_out_number" ADD CHECK ("pin" IN ('right', 'wrong'));

-- ---- a number that is asked for is neither released nor transferred meanwhile ----

ALTER TABLE "number_assignment" ADD COLUMN "asked_for_at" TIMESTAMPTZ(3);

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['port_out', 'port_out_number', 'port_out_event', 'port_out_protection', 'port_out_policy', 'port_out_guess'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "port_out", "port_out_number", "port_out_protection", "port_out_policy", "port_out_guess" TO trunkline_app, trunkline_system;
GRANT SELECT, INSERT, UPDATE ON "carrier_port_out", "port_out_feed", "emulated_port_out" TO trunkline_system;
GRANT SELECT ON "carrier_holiday" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "carrier_holiday" TO trunkline_system;
