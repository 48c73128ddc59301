-- ---- numbers that come from another carrier ----

CREATE TABLE "port_project" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "trunk_id" UUID,
    "external_reference" TEXT,
    "requested_foc_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_project_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "port_order" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "country" CHAR(2),
    "number_type" TEXT,
    "losing_carrier_id" TEXT,
    "losing_carrier_name" TEXT,
    "fast_port" BOOLEAN NOT NULL DEFAULT false,
    "fields" JSONB NOT NULL DEFAULT '{}',
    "pin_sealed" BYTEA,
    "fixed_fields" TEXT[] NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "carrier_ref" TEXT,
    "foc_at" TIMESTAMPTZ(3),
    "foc_time_zone" TEXT,
    "requested_foc_at" TIMESTAMPTZ(3),
    "rejections" JSONB NOT NULL DEFAULT '[]',
    "polled_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_order_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "port_number" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "claimed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "port_number_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "port_event" (
    "tenant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "numbers" TEXT[] NOT NULL,
    "data" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_event_pkey" PRIMARY KEY ("tenant_id","order_id","sequence")
);
CREATE TABLE "port_timer" (
    "tenant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_timer_pkey" PRIMARY KEY ("tenant_id","order_id","kind")
);
-- numbers that are not here yet, but whose calls are taken
CREATE TABLE "expected_number" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "trunk_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "expected_number_pkey" PRIMARY KEY ("tenant_id","id")
);
-- what carriers told, each message once
CREATE TABLE "carrier_port_event" (
    "carrier" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_port_event_pkey" PRIMARY KEY ("carrier","event_id")
);
-- the books of the emulated carrier
CREATE TABLE "emulated_port" (
    "ref" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "state" JSONB,

    CONSTRAINT "emulated_port_pkey" PRIMARY KEY ("ref")
);

CREATE INDEX "port_project_tenant_id_created_at_id_idx" ON "port_project"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "port_order_tenant_id_created_at_id_idx" ON "port_order"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "port_order_tenant_id_project_id_idx" ON "port_order"("tenant_id", "project_id");
CREATE INDEX "port_order_carrier_ref_idx" ON "port_order"("carrier_ref");
CREATE INDEX "port_number_tenant_id_order_id_idx" ON "port_number"("tenant_id", "order_id");
CREATE INDEX "port_timer_due_at_idx" ON "port_timer"("due_at");
-- one open port of a number, whoever's: an index does not look at policies
CREATE UNIQUE INDEX "port_number_open_key" ON "port_number" ("e164") WHERE "open";
CREATE UNIQUE INDEX "expected_number_e164_key" ON "expected_number" ("e164");
CREATE INDEX "port_order_review_idx" ON "port_order" ("state_since") WHERE "state" = 'in_review';
CREATE INDEX "carrier_port_event_waiting_idx" ON "carrier_port_event" ("received_at") WHERE "processed_at" IS NULL;

ALTER TABLE "port_project" ADD CONSTRAINT "port_project_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_project" ADD CONSTRAINT "port_project_tenant_id_trunk_id_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_order" ADD CONSTRAINT "port_order_tenant_id_project_id_fkey" FOREIGN KEY ("tenant_id", "project_id") REFERENCES "port_project"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_number" ADD CONSTRAINT "port_number_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_event" ADD CONSTRAINT "port_event_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_timer" ADD CONSTRAINT "port_timer_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "port_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "expected_number" ADD CONSTRAINT "expected_number_tenant_id_trunk_id_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "port_number" ADD CHECK ("e164" ~ '^\+[1-9][0-9]{5,14}$');

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['port_project', 'port_order', 'port_number', 'port_event', 'port_timer', 'expected_number'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "port_project", "port_order", "port_number", "port_timer", "expected_number" TO trunkline_app, trunkline_system;
GRANT DELETE ON "port_number", "port_timer", "expected_number" TO trunkline_app, trunkline_system;
GRANT SELECT, INSERT, UPDATE ON "carrier_port_event", "emulated_port" TO trunkline_system;
GRANT DELETE ON "carrier_port_event" TO trunkline_system;

-- a tenant brings into the inventory what it expects, and nothing else
CREATE POLICY tenant_brings ON "number_inventory" FOR INSERT TO trunkline_app
  WITH CHECK ("state" = 'assigned' AND EXISTS (SELECT FROM "expected_number" x WHERE x.e164 = number_inventory.e164));
GRANT INSERT ("e164", "country", "area_code", "type", "state", "created_at") ON "number_inventory" TO trunkline_app;
ALTER POLICY tenant_moves ON "number_inventory"
  USING ("state" IN ('available', 'reserved', 'quarantined') OR EXISTS (SELECT FROM "number_assignment" a WHERE a.e164 = number_inventory.e164 AND a.released_at IS NULL)
    OR ("state" = 'ported_out' AND EXISTS (SELECT FROM "expected_number" x WHERE x.e164 = number_inventory.e164)));
