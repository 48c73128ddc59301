-- ---- what the inventory knows of a number, and the states of its whole life ----

ALTER TABLE "number_inventory"
  ADD COLUMN "features" TEXT[] NOT NULL DEFAULT '{voice}',
  ADD COLUMN "region" TEXT,
  ADD COLUMN "reserved_by" UUID,
  ADD COLUMN "reserved_at" TIMESTAMPTZ(3),
  ADD COLUMN "reserved_until" TIMESTAMPTZ(3);
ALTER TABLE "number_inventory" DROP CONSTRAINT "number_inventory_state_check", ADD CONSTRAINT "number_inventory_state_check" CHECK ("state" IN
  ('available', 'reserved', 'ordered', 'requirement_pending', 'unavailable', 'assigned', 'suspended', 'quarantined', 'released', 'port_pending', 'porting_out', 'ported_out'));
ALTER TABLE "number_inventory" ADD CHECK (("reserved_until" IS NULL) = ("reserved_by" IS NULL) AND ("reserved_until" IS NULL) = ("reserved_at" IS NULL));
ALTER TABLE "number_assignment" ADD COLUMN "deletion_lock" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "suspended_at" TIMESTAMPTZ(3);

-- The machine of libs/numbers/src/core/lifecycle.ts once more, so that no statement, whoever wrote it, leaves a number where the machine has no way.
CREATE FUNCTION guard_number_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.state = ANY (CASE OLD.state
    WHEN 'available' THEN '{reserved,ordered,assigned}'
    WHEN 'reserved' THEN '{available,ordered,assigned}'
    WHEN 'ordered' THEN '{requirement_pending,assigned,available,unavailable}'
    WHEN 'requirement_pending' THEN '{ordered}'
    WHEN 'assigned' THEN '{suspended,quarantined,porting_out,ported_out}'
    WHEN 'suspended' THEN '{assigned}'
    WHEN 'quarantined' THEN '{assigned,available,released,reserved,ordered}'
    WHEN 'port_pending' THEN '{assigned}'
    WHEN 'porting_out' THEN '{ported_out,assigned}'
    WHEN 'ported_out' THEN '{assigned}'
    ELSE '{}' END::text[]) THEN
    RAISE EXCEPTION 'a number does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER number_inventory_state BEFORE UPDATE OF "state" ON "number_inventory" FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION guard_number_state();

-- what only a tenant that has the number, or the system, may move
ALTER POLICY tenant_moves ON "number_inventory"
  USING ("state" IN ('available', 'reserved', 'quarantined') OR EXISTS (SELECT FROM "number_assignment" a WHERE a.e164 = number_inventory.e164 AND a.released_at IS NULL));
GRANT UPDATE ("reserved_by", "reserved_at", "reserved_until") ON "number_inventory" TO trunkline_app;

-- ---- who had a number when ----

CREATE TABLE "number_history" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "e164" TEXT NOT NULL,
    "number_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "trunk_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "number_history_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE INDEX "number_history_tenant_id_number_id_at_idx" ON "number_history"("tenant_id", "number_id", "at");
CREATE INDEX "number_history_e164_at_idx" ON "number_history"("e164", "at");
ALTER TABLE "number_history" ADD CHECK ("action" IN ('assigned', 'pointed', 'suspended', 'reinstated', 'released', 'transferred', 'restored'));

-- written with the change itself, so that nobody who changes an assignment can forget it. Runs with the rights of whoever changes: under his policies.
CREATE FUNCTION record_number_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  done text := CASE
    WHEN TG_OP = 'INSERT' THEN 'assigned'
    WHEN OLD.released_at IS NULL AND NEW.released_at IS NOT NULL THEN CASE WHEN NEW.quarantined_until > NEW.released_at THEN 'released' ELSE 'transferred' END
    WHEN OLD.released_at IS NOT NULL AND NEW.released_at IS NULL THEN 'restored'
    WHEN OLD.suspended_at IS NULL AND NEW.suspended_at IS NOT NULL THEN 'suspended'
    WHEN OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS NULL THEN 'reinstated'
    WHEN OLD.trunk_id IS DISTINCT FROM NEW.trunk_id THEN 'pointed' END;
BEGIN
  IF done IS NOT NULL THEN
    INSERT INTO number_history (tenant_id, e164, number_id, action, trunk_id, at) VALUES (NEW.tenant_id, NEW.e164, NEW.id, done, NEW.trunk_id, NEW.updated_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER number_assignment_history AFTER INSERT OR UPDATE ON "number_assignment" FOR EACH ROW EXECUTE FUNCTION record_number_history();

-- what was assigned before there was a history
ALTER TABLE "number_assignment" NO FORCE ROW LEVEL SECURITY;
INSERT INTO "number_history" (tenant_id, e164, number_id, action, trunk_id, at) SELECT tenant_id, e164, id, 'assigned', trunk_id, created_at FROM number_assignment;
INSERT INTO "number_history" (tenant_id, e164, number_id, action, at) SELECT tenant_id, e164, id, 'released', released_at FROM number_assignment WHERE released_at IS NOT NULL;
ALTER TABLE "number_assignment" FORCE ROW LEVEL SECURITY;

-- ---- how long released numbers rest, as the operator says ----

CREATE TABLE "number_policy" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "quarantine_rules" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "number_policy_pkey" PRIMARY KEY ("only")
);
ALTER TABLE "number_policy" ADD CHECK ("only");
INSERT INTO "number_policy" ("only") VALUES (true);
GRANT SELECT ON "number_policy" TO trunkline_app;
GRANT SELECT, UPDATE ON "number_policy" TO trunkline_system;

-- ---- imports: a sheet, how far it was read, and what was wrong with its lines ----

CREATE TABLE "number_import" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "run" INTEGER NOT NULL DEFAULT 0,
    "byte_count" INTEGER NOT NULL,
    "lines_done" INTEGER NOT NULL DEFAULT 0,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "errors" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "number_import_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "number_import_chunk" (
    "import_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "number_import_chunk_pkey" PRIMARY KEY ("import_id","position")
);
CREATE INDEX "number_import_created_at_id_idx" ON "number_import"("created_at" DESC, "id" DESC);
ALTER TABLE "number_import_chunk" ADD CONSTRAINT "number_import_chunk_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "number_import"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_import" ADD CHECK ("state" IN ('pending', 'running', 'completed', 'failed'));
GRANT SELECT, INSERT, UPDATE ON "number_import", "number_import_chunk" TO trunkline_system;
GRANT DELETE ON "number_import_chunk" TO trunkline_system;

-- ---- blocks: numbers that are the same but for their last three digits ----

CREATE TABLE "number_block" (
    "prefix" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "area_code" TEXT NOT NULL,
    "numbers" INTEGER NOT NULL,
    "run_max" INTEGER NOT NULL,

    CONSTRAINT "number_block_pkey" PRIMARY KEY ("prefix")
);
CREATE INDEX "number_block_prefix_idx" ON "number_block"("prefix" text_pattern_ops);
CREATE INDEX "number_block_country_area_code_prefix_idx" ON "number_block"("country", "area_code", "prefix" text_pattern_ops);
-- counts the numbers of blocks anew, and the longest run of them without a gap
CREATE FUNCTION count_number_blocks(of_prefixes text[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
  INSERT INTO number_block (prefix, country, area_code, numbers, run_max)
  SELECT prefix, min(country), min(area_code), sum(length)::int, max(length)::int FROM (
    SELECT prefix, island, min(country) AS country, min(area_code) AS area_code, count(*) AS length FROM (
      SELECT p.prefix, i.country, i.area_code, substr(i.e164, 2)::bigint - row_number() OVER (PARTITION BY p.prefix ORDER BY i.e164 USING ~<~) AS island
      FROM unnest(of_prefixes) AS p (prefix) JOIN number_inventory i
        ON i.e164 ~>=~ p.prefix AND i.e164 ~<~ (p.prefix || ':') AND length(i.e164) = length(p.prefix) + 3
    ) AS numbered GROUP BY prefix, island
  ) AS islands GROUP BY prefix
  ON CONFLICT (prefix) DO UPDATE SET numbers = excluded.numbers, run_max = excluded.run_max $$;
SELECT count_number_blocks(ARRAY(SELECT DISTINCT left(e164, -3) FROM number_inventory));
REVOKE EXECUTE ON FUNCTION count_number_blocks(text[]), guard_number_state(), record_number_history() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_number_blocks(text[]) TO trunkline_system;
GRANT SELECT ON "number_block" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE ON "number_block" TO trunkline_system;

-- ---- the search: measured with a million numbers by `npm run bench -- numbers` ----

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "number_inventory_area_idx" ON "number_inventory" ("country", "area_code", "e164" text_pattern_ops) WHERE "state" IN ('available', 'reserved', 'quarantined');
CREATE INDEX "number_inventory_sale_idx" ON "number_inventory" ("e164" text_pattern_ops) WHERE "state" IN ('available', 'reserved', 'quarantined');
CREATE INDEX "number_inventory_place_idx" ON "number_inventory" ("country", lower("locality"), "e164" text_pattern_ops) WHERE "state" IN ('available', 'reserved', 'quarantined') AND "locality" IS NOT NULL;
CREATE INDEX "number_inventory_suffix_idx" ON "number_inventory" (reverse("e164") text_pattern_ops);
CREATE INDEX "number_inventory_digits_idx" ON "number_inventory" USING gin ("e164" gin_trgm_ops);
CREATE INDEX "number_inventory_reserved_idx" ON "number_inventory" ("reserved_until") WHERE "state" = 'reserved';
CREATE INDEX "number_inventory_reserver_idx" ON "number_inventory" ("reserved_by", "e164") WHERE "state" = 'reserved';

-- ---- changes of many numbers at once ----

CREATE TABLE "number_job" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "change" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "number_job_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE TABLE "number_job_item" (
    "tenant_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "number_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "detail" TEXT,

    CONSTRAINT "number_job_item_pkey" PRIMARY KEY ("tenant_id","job_id","position")
);
CREATE INDEX "number_job_tenant_id_created_at_id_idx" ON "number_job"("tenant_id", "created_at" DESC, "id" DESC);
ALTER TABLE "number_job_item" ADD CONSTRAINT "number_job_item_tenant_id_job_id_fkey" FOREIGN KEY ("tenant_id", "job_id") REFERENCES "number_job"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "number_job" ADD CHECK ("action" IN ('update', 'release', 'restore')), ADD CHECK ("state" IN ('pending', 'running', 'completed'));
ALTER TABLE "number_job_item" ADD CHECK ("state" IN ('pending', 'succeeded', 'failed'));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['number_history', 'number_job', 'number_job_item'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT UPDATE ("state", "succeeded", "failed", "finished_at") ON "number_job" TO trunkline_app, trunkline_system;
GRANT UPDATE ("state", "code", "detail") ON "number_job_item" TO trunkline_app, trunkline_system;

-- ---- a number that goes from one tenant to another, by whoever is above both ----

CREATE POLICY subtree_reads ON "number_assignment" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_takes ON "number_assignment" FOR UPDATE TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_gives ON "number_assignment" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_reads ON "number_inventory" FOR SELECT TO trunkline_subtree
  USING (EXISTS (SELECT FROM "number_assignment" a WHERE a.e164 = number_inventory.e164 AND a.tenant_id = ANY ((SELECT tenants_within())::uuid[])));
CREATE POLICY subtree_tells ON "number_history" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_reads ON "recurring_item" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_closes ON "recurring_item" FOR UPDATE TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_opens ON "recurring_item" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_reads ON "resource_tag" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
GRANT SELECT, INSERT ON "number_assignment", "recurring_item" TO trunkline_subtree;
GRANT UPDATE ("trunk_id", "revision", "updated_at", "released_at", "quarantined_until", "external_reference", "deletion_lock", "suspended_at") ON "number_assignment" TO trunkline_subtree;
GRANT UPDATE ("to") ON "recurring_item" TO trunkline_subtree;
GRANT INSERT ON "number_history" TO trunkline_subtree;
GRANT SELECT ON "number_inventory", "resource_tag" TO trunkline_subtree;

-- Counts a number from one tenant's holding into another's. The roots are locked in one order first, so that two transfers never wait for each other in a ring.
CREATE FUNCTION claim_number_transfer(giver uuid, taker uuid, as_of timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own tenant_node;
  most int := (SELECT numbers_max FROM kyc_policy);
  held bigint;
BEGIN
  IF nullif(current_setting('app.tenant_id', true), '') IS NOT NULL AND NOT ARRAY[giver, taker] <@ tenants_within() THEN
    RAISE EXCEPTION 'not within the subtree' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM tenant_node WHERE id IN (SELECT path[1] FROM tenant_node WHERE id IN (giver, taker)) ORDER BY id FOR NO KEY UPDATE;
  PERFORM claim_allotment(giver, 0, -1, 0);
  PERFORM claim_allotment(taker, 0, 1, 0);
  SELECT n.* INTO own FROM tenant_node n WHERE n.id = taker;
  IF most IS NULL OR own.verified_until > as_of THEN RETURN; END IF;
  SELECT own.numbers_used - coalesce(sum(c.numbers_used), 0) INTO held FROM tenant_node c WHERE c.parent_id = taker;
  IF held > most THEN
    RAISE EXCEPTION 'not verified' USING ERRCODE = 'TL002', DETAIL = json_build_object('resource', 'numbers', 'max', most)::text;
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION claim_number_transfer(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_number_transfer(uuid, uuid, timestamptz) TO trunkline_subtree, trunkline_system;
