-- ---- channels as a product: what the operator offers for a set of countries, what a tenant bought of it, and what it does with that ----

CREATE TABLE "channel_offer" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "countries" CHAR(2)[] NOT NULL,
    "included_per_number" INTEGER NOT NULL CHECK ("included_per_number" >= 0),
    "minimum_channels" INTEGER NOT NULL CHECK ("minimum_channels" >= 0),
    "metered_by" TEXT NOT NULL CHECK ("metered_by" IN ('minute', 'peak')),
    "metered_nanos" BIGINT NOT NULL CHECK ("metered_nanos" >= 0),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_offer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "channel_offer_name_key" UNIQUE ("name")
);
CREATE TABLE "channel_offer_step" (
    "offer_id" UUID NOT NULL,
    "from_channels" INTEGER NOT NULL CHECK ("from_channels" > 0),
    "monthly_nanos" BIGINT NOT NULL CHECK ("monthly_nanos" >= 0),
    "setup_nanos" BIGINT NOT NULL CHECK ("setup_nanos" >= 0),

    CONSTRAINT "channel_offer_step_pkey" PRIMARY KEY ("offer_id","from_channels"),
    CONSTRAINT "channel_offer_step_offer_id_fkey" FOREIGN KEY ("offer_id") REFERENCES "channel_offer"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
GRANT SELECT ON "channel_offer", "channel_offer_step" TO trunkline_app;
GRANT SELECT, INSERT ON "channel_offer", "channel_offer_step" TO trunkline_system;

CREATE TABLE "channel_pool" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "offer_id" UUID NOT NULL,
    "channels" INTEGER NOT NULL CHECK ("channels" >= 0),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_pool_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "channel_pool_tenant_id_offer_id_key" UNIQUE ("tenant_id","offer_id"),
    CONSTRAINT "channel_pool_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "channel_pool_offer_id_fkey" FOREIGN KEY ("offer_id") REFERENCES "channel_offer"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "channel_pool_id_idx" ON "channel_pool" ("id");

CREATE TABLE "channel_group" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "direction" TEXT NOT NULL CHECK ("direction" IN ('both', 'inbound', 'outbound')),
    "shared" INTEGER NOT NULL CHECK ("shared" >= 0),
    "metered_max" INTEGER NOT NULL CHECK ("metered_max" BETWEEN 0 AND 1000),
    "cap_both" INTEGER CHECK ("cap_both" >= 0),
    "cap_inbound" INTEGER CHECK ("cap_inbound" >= 0),
    "cap_outbound" INTEGER CHECK ("cap_outbound" >= 0),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_group_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "channel_group_tenant_id_name_key" UNIQUE ("tenant_id","name"),
    CONSTRAINT "channel_group_tenant_id_pool_id_fkey" FOREIGN KEY ("tenant_id","pool_id") REFERENCES "channel_pool"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "channel_group_id_idx" ON "channel_group" ("id");
CREATE INDEX "channel_group_tenant_id_pool_id_idx" ON "channel_group" ("tenant_id","pool_id");

-- one row for each number that has channels of its own, belongs to a group or is capped; gone when the number is released
CREATE TABLE "number_channels" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pool_id" UUID,
    "dedicated" INTEGER NOT NULL CHECK ("dedicated" >= 0),
    "direction" TEXT NOT NULL CHECK ("direction" IN ('both', 'inbound', 'outbound')),
    "group_id" UUID,
    "cap_both" INTEGER CHECK ("cap_both" >= 0),
    "cap_inbound" INTEGER CHECK ("cap_inbound" >= 0),
    "cap_outbound" INTEGER CHECK ("cap_outbound" >= 0),

    CONSTRAINT "number_channels_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "number_channels_pool_check" CHECK ("pool_id" IS NOT NULL OR "dedicated" = 0),
    CONSTRAINT "number_channels_tenant_id_id_fkey" FOREIGN KEY ("tenant_id","id") REFERENCES "number_assignment"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "number_channels_tenant_id_pool_id_fkey" FOREIGN KEY ("tenant_id","pool_id") REFERENCES "channel_pool"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "number_channels_tenant_id_group_id_fkey" FOREIGN KEY ("tenant_id","group_id") REFERENCES "channel_group"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "number_channels_tenant_id_pool_id_idx" ON "number_channels" ("tenant_id","pool_id");
CREATE INDEX "number_channels_tenant_id_group_id_idx" ON "number_channels" ("tenant_id","group_id");

-- one row for each trunk whose calls are carried by channels of pools, not by channels bought with it; gone when the trunk is deleted
CREATE TABLE "trunk_channels" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "cap_inbound" INTEGER CHECK ("cap_inbound" >= 0),
    "cap_outbound" INTEGER CHECK ("cap_outbound" >= 0),

    CONSTRAINT "trunk_channels_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "trunk_channels_tenant_id_id_fkey" FOREIGN KEY ("tenant_id","id") REFERENCES "trunk"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "trunk_channels_tenant_id_group_id_fkey" FOREIGN KEY ("tenant_id","group_id") REFERENCES "channel_group"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "trunk_channels_tenant_id_group_id_idx" ON "trunk_channels" ("tenant_id","group_id");

CREATE TABLE "channel_order" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pool_id" UUID NOT NULL,
    "channels_before" INTEGER NOT NULL,
    "channels_after" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "setup_nanos" BIGINT NOT NULL,
    "first_month_nanos" BIGINT NOT NULL,
    "monthly_nanos" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_order_pkey" PRIMARY KEY ("tenant_id","id"),
    CONSTRAINT "channel_order_tenant_id_pool_id_fkey" FOREIGN KEY ("tenant_id","pool_id") REFERENCES "channel_pool"("tenant_id","id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "channel_order_created_at_idx" ON "channel_order" ("tenant_id", "created_at" DESC, "id" DESC);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['channel_pool', 'channel_group', 'number_channels', 'trunk_channels', 'channel_order'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ON "channel_pool", "channel_group", "number_channels", "trunk_channels" TO trunkline_app, trunkline_system;
GRANT DELETE ON "channel_group", "number_channels", "trunk_channels" TO trunkline_app, trunkline_system;

-- Never more channels are assigned than were bought, whatever a program does: who assigns or releases locks the pool, then adds up. Who gives back
-- need not: that only makes room.
CREATE FUNCTION channel_pool_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  pool uuid := CASE WHEN TG_TABLE_NAME = 'channel_pool' THEN (to_jsonb(NEW)->>'id')::uuid ELSE (to_jsonb(NEW)->>'pool_id')::uuid END;
  bought int;
  assigned bigint;
BEGIN
  IF pool IS NULL THEN RETURN NULL; END IF;
  SELECT p.channels INTO bought FROM channel_pool p WHERE p.tenant_id = NEW.tenant_id AND p.id = pool FOR UPDATE;
  SELECT coalesce((SELECT sum(g.shared) FROM channel_group g WHERE g.tenant_id = NEW.tenant_id AND g.pool_id = pool), 0)
    + coalesce((SELECT sum(n.dedicated) FROM number_channels n WHERE n.tenant_id = NEW.tenant_id AND n.pool_id = pool), 0) INTO assigned;
  IF assigned > bought THEN
    RAISE EXCEPTION 'more channels assigned than bought' USING ERRCODE = '23514', CONSTRAINT = 'channel_pool_oversold';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER channel_pool_held AFTER UPDATE OF "channels" ON "channel_pool" FOR EACH ROW EXECUTE FUNCTION channel_pool_guard();
CREATE TRIGGER channel_group_held AFTER INSERT OR UPDATE OF "shared", "pool_id" ON "channel_group" FOR EACH ROW EXECUTE FUNCTION channel_pool_guard();
CREATE TRIGGER number_channels_held AFTER INSERT OR UPDATE OF "dedicated", "pool_id" ON "number_channels" FOR EACH ROW EXECUTE FUNCTION channel_pool_guard();

-- A number that is released gives its channels back, whoever releases it; it does not have them again when it is restored.
CREATE FUNCTION number_channels_release() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM number_channels n WHERE n.tenant_id = NEW.tenant_id AND n.id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER number_assignment_gives_channels_back AFTER UPDATE OF "released_at" ON "number_assignment" FOR EACH ROW
  WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL) EXECUTE FUNCTION number_channels_release();

-- What carried a call. Null: nothing did, or it was before channels were told apart.
ALTER TABLE "cdr" ADD COLUMN "channel_kind" TEXT, ADD COLUMN "channel_pool_id" UUID;
