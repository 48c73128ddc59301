-- ---- what tells that a queue lost its jobs, and what of them is to be done again ----

CREATE TABLE "event_delivery" (
    "tenant_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "consumer" TEXT NOT NULL,
    "delivered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_delivery_pkey" PRIMARY KEY ("tenant_id","event_id","consumer"),
    CONSTRAINT "event_delivery_tenant_id_event_id_fkey" FOREIGN KEY ("tenant_id", "event_id") REFERENCES "outbox"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE
);
ALTER TABLE "event_delivery" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "event_delivery" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "event_delivery" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "event_delivery" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON "event_delivery" TO trunkline_system;

CREATE TABLE "queue_mark" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "epoch" TEXT,
    "batches" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "queue_mark_pkey" PRIMARY KEY ("only"),
    CHECK ("only")
);
INSERT INTO "queue_mark" DEFAULT VALUES;
GRANT SELECT, UPDATE ON "queue_mark" TO trunkline_system;
