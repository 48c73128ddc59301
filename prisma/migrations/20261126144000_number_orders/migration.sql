-- Orders of many numbers, each number with a state of its own, and what is asked of carriers for them.
CREATE TABLE "number_order" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "search" JSONB,
    "trunk_id" UUID,
    "external_reference" TEXT,
    "tags" TEXT[] NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "number_order_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "number_order_item" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "e164" TEXT,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "detail" TEXT,
    "number_id" UUID,
    "supplier" TEXT,
    "supplier_reference" UUID,
    "supplier_order_id" TEXT,
    "country" CHAR(2),
    "area_code" TEXT,
    "locality" TEXT,
    "type" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "refused" TEXT[] NOT NULL DEFAULT '{}',
    "next_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "number_order_item_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE INDEX "number_order_tenant_id_created_at_id_idx" ON "number_order"("tenant_id", "created_at" DESC, "id" DESC);
CREATE UNIQUE INDEX "number_order_item_tenant_id_order_id_position_key" ON "number_order_item"("tenant_id", "order_id", "position");
CREATE INDEX "number_order_item_next_at_idx" ON "number_order_item"("next_at") WHERE "next_at" IS NOT NULL;
-- nobody asks a carrier for a number that somebody else is asking it for
CREATE UNIQUE INDEX "number_order_item_ordering_key" ON "number_order_item"("e164") WHERE "state" = 'ordering';

ALTER TABLE "number_order" ADD CONSTRAINT "number_order_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_order_item" ADD CONSTRAINT "number_order_item_tenant_id_order_id_fkey" FOREIGN KEY ("tenant_id", "order_id") REFERENCES "number_order"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_order_item" ADD CONSTRAINT "number_order_item_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_order_item"
  ADD CHECK ("state" IN ('pending', 'waiting', 'ordering', 'succeeded', 'failed')),
  ADD CHECK ("e164" ~ '^\+[1-9][0-9]{5,14}$'),
  ADD CHECK ("position" >= 0),
  ADD CHECK (("state" = 'succeeded') = ("number_id" IS NOT NULL)),
  ADD CHECK ("code" IS NOT NULL OR "state" NOT IN ('failed', 'waiting')),
  ADD CHECK ("state" <> 'ordering' OR ("e164" IS NOT NULL AND "supplier" IS NOT NULL AND "supplier_reference" IS NOT NULL AND "sent_at" IS NOT NULL)),
  ADD CHECK (("next_at" IS NOT NULL) = ("state" IN ('pending', 'waiting', 'ordering')));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['number_order', 'number_order_item'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO trunkline_app', name);
    EXECUTE format('GRANT SELECT, UPDATE ON %I TO trunkline_system', name);
  END LOOP;
END $$;
