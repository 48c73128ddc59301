-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "event_types" TEXT[],
    "keys_sealed" BYTEA NOT NULL,
    "public_key" TEXT NOT NULL,
    "previous_keys_sealed" BYTEA,
    "previous_keys_until" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "webhook_message" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_message_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "webhook_delivery" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "attempts_before" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "webhook_attempt" (
    "tenant_id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "answer" TEXT NOT NULL,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("tenant_id","delivery_id","number")
);

CREATE INDEX "webhook_message_created_at_idx" ON "webhook_message"("created_at");
CREATE UNIQUE INDEX "webhook_delivery_tenant_id_endpoint_id_message_id_key" ON "webhook_delivery"("tenant_id", "endpoint_id", "message_id");
CREATE INDEX "webhook_delivery_tenant_id_created_at_id_idx" ON "webhook_delivery"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "webhook_delivery_tenant_id_endpoint_id_created_at_idx" ON "webhook_delivery"("tenant_id", "endpoint_id", "created_at");
CREATE INDEX "webhook_delivery_tenant_id_message_id_idx" ON "webhook_delivery"("tenant_id", "message_id");

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "webhook_endpoint"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_tenant_id_message_id_fkey" FOREIGN KEY ("tenant_id", "message_id") REFERENCES "webhook_message"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_tenant_id_delivery_id_fkey" FOREIGN KEY ("tenant_id", "delivery_id") REFERENCES "webhook_delivery"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery" ("next_attempt_at") WHERE "state" = 'pending';
CREATE INDEX "webhook_endpoint_live_idx" ON "webhook_endpoint" ("tenant_id") WHERE "deleted_at" IS NULL;
ALTER TABLE "webhook_endpoint" ADD CHECK ("disabled_reason" IN ('requested', 'gone', 'failing')), ADD CHECK (("disabled_reason" IS NULL) = ("disabled_at" IS NULL)), ADD CHECK (cardinality("event_types") > 0);
ALTER TABLE "webhook_delivery" ADD CHECK ("state" IN ('pending', 'delivered', 'failed', 'cancelled')), ADD CHECK (("state" = 'pending') = ("next_attempt_at" IS NOT NULL));

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['webhook_endpoint', 'webhook_message', 'webhook_delivery', 'webhook_attempt'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "webhook_endpoint", "webhook_delivery" TO trunkline_app, trunkline_system;
GRANT DELETE ON "webhook_message", "webhook_delivery", "webhook_attempt" TO trunkline_system;
