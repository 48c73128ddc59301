-- Where the calls of numbers go beside their trunk's own routes: groups of targets, schedules that choose between groups, a plan for disasters.
CREATE TABLE "inbound_group" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "strategy" TEXT NOT NULL CHECK ("strategy" IN ('in_order', 'ring_all')),
    "targets" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_group_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE UNIQUE INDEX "inbound_group_tenant_id_name_key" ON "inbound_group"("tenant_id", "name");
CREATE INDEX "inbound_group_tenant_id_created_at_id_idx" ON "inbound_group"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "inbound_group_id_idx" ON "inbound_group"("id");
ALTER TABLE "inbound_group" ADD CONSTRAINT "inbound_group_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "inbound_group" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "inbound_group" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "inbound_group" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "inbound_group" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "inbound_group" TO trunkline_app, trunkline_system;

CREATE TABLE "inbound_schedule" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "rules" JSONB NOT NULL,
    "holidays" JSONB NOT NULL,
    "otherwise_group_id" UUID,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_schedule_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE UNIQUE INDEX "inbound_schedule_tenant_id_name_key" ON "inbound_schedule"("tenant_id", "name");
CREATE INDEX "inbound_schedule_tenant_id_created_at_id_idx" ON "inbound_schedule"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "inbound_schedule_id_idx" ON "inbound_schedule"("id");
ALTER TABLE "inbound_schedule" ADD CONSTRAINT "inbound_schedule_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "inbound_schedule" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "inbound_schedule" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "inbound_schedule" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "inbound_schedule" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "inbound_schedule" TO trunkline_app, trunkline_system;

-- Which groups a schedule names; a group that one names cannot be deleted.
CREATE TABLE "inbound_schedule_group" (
    "tenant_id" UUID NOT NULL,
    "schedule_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,

    CONSTRAINT "inbound_schedule_group_pkey" PRIMARY KEY ("tenant_id","schedule_id","group_id")
);
CREATE INDEX "inbound_schedule_group_tenant_id_group_id_idx" ON "inbound_schedule_group"("tenant_id", "group_id");
ALTER TABLE "inbound_schedule_group" ADD CONSTRAINT "inbound_schedule_group_schedule_fkey" FOREIGN KEY ("tenant_id", "schedule_id") REFERENCES "inbound_schedule"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "inbound_schedule_group" ADD CONSTRAINT "inbound_schedule_group_group_fkey" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "inbound_group"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "inbound_schedule_group" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "inbound_schedule_group" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "inbound_schedule_group" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "inbound_schedule_group" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON "inbound_schedule_group" TO trunkline_app, trunkline_system;

-- What takes the calls of one number instead of its trunk's routes.
CREATE TABLE "number_routing" (
    "tenant_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "group_id" UUID,
    "schedule_id" UUID,
    "disaster_group_id" UUID,

    CONSTRAINT "number_routing_pkey" PRIMARY KEY ("tenant_id","number_id")
);
CREATE INDEX "number_routing_tenant_id_group_id_idx" ON "number_routing"("tenant_id", "group_id");
CREATE INDEX "number_routing_tenant_id_schedule_id_idx" ON "number_routing"("tenant_id", "schedule_id");
CREATE INDEX "number_routing_tenant_id_disaster_group_id_idx" ON "number_routing"("tenant_id", "disaster_group_id");
ALTER TABLE "number_routing" ADD CONSTRAINT "number_routing_number_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "number_routing" ADD CONSTRAINT "number_routing_group_fkey" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "inbound_group"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_routing" ADD CONSTRAINT "number_routing_schedule_fkey" FOREIGN KEY ("tenant_id", "schedule_id") REFERENCES "inbound_schedule"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_routing" ADD CONSTRAINT "number_routing_disaster_fkey" FOREIGN KEY ("tenant_id", "disaster_group_id") REFERENCES "inbound_group"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_routing" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "number_routing" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "number_routing" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "number_routing" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON "number_routing" TO trunkline_app, trunkline_system;

-- Where all inbound calls of a tenant go while it is active. One row a tenant at most.
CREATE TABLE "disaster_plan" (
    "tenant_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT false,
    "activated_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disaster_plan_pkey" PRIMARY KEY ("tenant_id")
);
ALTER TABLE "disaster_plan" ADD CONSTRAINT "disaster_plan_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "disaster_plan" ADD CONSTRAINT "disaster_plan_group_fkey" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "inbound_group"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "disaster_plan" ADD CHECK ("active" = ("activated_at" IS NOT NULL));
ALTER TABLE "disaster_plan" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "disaster_plan" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "disaster_plan" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "disaster_plan" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "disaster_plan" TO trunkline_app, trunkline_system;
