-- ---- the tree of tenants: where each stands, what it may hold together with all below it, and what they hold ----

-- Apart from "tenant", so that orders lock this row and nothing else of the tenant. RLS is not forced: the functions below belong to the owner and look up the path.
CREATE TABLE "tenant_node" (
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "path" UUID[] NOT NULL,
    "channels_allotted" INTEGER,
    "numbers_allotted" INTEGER,
    "tenants_allotted" INTEGER DEFAULT 0,
    "channels_used" INTEGER NOT NULL DEFAULT 0,
    "numbers_used" INTEGER NOT NULL DEFAULT 0,
    "tenants_used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "tenant_node_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 50); -- updated with every order: room for the new version on the same page
CREATE INDEX "tenant_node_parent_id_idx" ON "tenant_node"("parent_id");
ALTER TABLE "tenant_node" ADD CONSTRAINT "tenant_node_id_fkey" FOREIGN KEY ("id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- what is there already
ALTER TABLE "tenant" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "trunk" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "number_assignment" NO FORCE ROW LEVEL SECURITY;
WITH RECURSIVE tree AS (
  SELECT id, parent_id, ARRAY[id] AS path FROM tenant WHERE parent_id IS NULL
  UNION ALL SELECT t.id, t.parent_id, tree.path || t.id FROM tenant t JOIN tree ON t.parent_id = tree.id
), own AS (
  SELECT tree.*, (SELECT coalesce(sum(channels_max), 0) FROM trunk WHERE tenant_id = tree.id AND deleted_at IS NULL) AS channels,
    (SELECT count(*) FROM number_assignment WHERE tenant_id = tree.id AND released_at IS NULL) AS numbers FROM tree
)
INSERT INTO tenant_node (id, parent_id, path, tenants_allotted, channels_used, numbers_used, tenants_used)
SELECT o.id, o.parent_id, o.path, CASE WHEN count(*) = 1 THEN 0 END, sum(b.channels), sum(b.numbers), count(*) - 1
FROM own o JOIN own b ON o.id = ANY (b.path) GROUP BY o.id, o.parent_id, o.path;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;
ALTER TABLE "trunk" FORCE ROW LEVEL SECURITY;
ALTER TABLE "number_assignment" FORCE ROW LEVEL SECURITY;

ALTER TABLE "tenant_node" ADD CONSTRAINT "tenant_node_depth" CHECK (cardinality("path") BETWEEN 1 AND 3 AND "path"[cardinality("path")] = "id"),
  ADD CHECK ("channels_allotted" >= 0 AND "numbers_allotted" >= 0 AND "tenants_allotted" >= 0),
  ADD CHECK ("channels_used" >= 0 AND "numbers_used" >= 0 AND "tenants_used" >= 0);

-- Adds to what a tenant and everybody above it hold; less than nothing gives back. Rows are locked from the root down, so that two orders never wait for
-- each other in a ring. Refuses (TL001) when one of them would hold more than it may: the nearest one, which the detail describes.
CREATE FUNCTION claim_allotment(of_tenant uuid, channels int, numbers int, tenants int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  line uuid[] := (SELECT path FROM tenant_node WHERE id = of_tenant);
  node tenant_node;
  short json;
BEGIN
  FOR node IN SELECT n.* FROM tenant_node n WHERE n.id = ANY (line) ORDER BY cardinality(n.path) FOR NO KEY UPDATE OF n LOOP
    IF channels > 0 AND node.channels_used + channels > node.channels_allotted THEN
      short := json_build_object('resource', 'channels', 'path', node.path, 'allotted', node.channels_allotted, 'used', node.channels_used);
    ELSIF numbers > 0 AND node.numbers_used + numbers > node.numbers_allotted THEN
      short := json_build_object('resource', 'numbers', 'path', node.path, 'allotted', node.numbers_allotted, 'used', node.numbers_used);
    ELSIF tenants > 0 AND node.tenants_used + tenants > node.tenants_allotted THEN
      short := json_build_object('resource', 'tenants', 'path', node.path, 'allotted', node.tenants_allotted, 'used', node.tenants_used);
    END IF;
  END LOOP;
  IF short IS NOT NULL THEN
    RAISE EXCEPTION 'an allotment is used up' USING ERRCODE = 'TL001', DETAIL = short::text;
  END IF;
  UPDATE tenant_node SET channels_used = channels_used + channels, numbers_used = numbers_used + numbers, tenants_used = tenants_used + tenants WHERE id = ANY (line);
END $$;

-- what a tenant's own request may ask for
CREATE FUNCTION claim_own_allotment(channels int, numbers int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT claim_allotment(current_tenant(), channels, numbers, 0) $$;

CREATE FUNCTION plant_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL THEN
    PERFORM claim_allotment(NEW.parent_id, 0, 0, 1);
  END IF;
  INSERT INTO tenant_node (id, parent_id, path)
  VALUES (NEW.id, NEW.parent_id, coalesce((SELECT path FROM tenant_node WHERE id = NEW.parent_id), '{}') || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER tenant_planted AFTER INSERT ON "tenant" FOR EACH ROW EXECUTE FUNCTION plant_tenant();

CREATE FUNCTION refuse_tenant_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a tenant stays where it was planted' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER tenant_rooted BEFORE UPDATE OF "parent_id" ON "tenant" FOR EACH ROW WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id) EXECUTE FUNCTION refuse_tenant_move();

-- ---- holds that a reseller places and lifts ----

ALTER TABLE "hold" ADD COLUMN "placed_by" UUID;
ALTER TABLE "hold" DROP CONSTRAINT "hold_kind_check", ADD CONSTRAINT "hold_kind_check" CHECK ("kind" IN ('billing', 'fraud', 'operator', 'parent', 'reseller'));

-- ---- the plans that a reseller may assign to tenants below it ----

CREATE TABLE "resale_plan" (
    "tenant_id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "resale_plan_pkey" PRIMARY KEY ("tenant_id","plan_id")
);
ALTER TABLE "resale_plan" ADD CONSTRAINT "resale_plan_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "resale_plan" ADD CONSTRAINT "resale_plan_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "resale_plan" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "resale_plan" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "resale_plan" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "resale_plan" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT ON "resale_plan" TO trunkline_app;
GRANT SELECT, INSERT, DELETE ON "resale_plan" TO trunkline_system;

-- ---- a role that sees one subtree ----

-- A request that looks at or changes the tenants below its own becomes this role for one transaction. NOINHERIT: a policy for it must not apply to requests of one tenant.
DO $$
BEGIN
  CREATE ROLE trunkline_subtree NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- made before, or at this very moment by another database's migration
END $$;
DO $$
BEGIN
  IF (SELECT rolinherit FROM pg_roles WHERE rolname = 'trunkline_app') THEN
    ALTER ROLE trunkline_app NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'trunkline_subtree'::regrole AND member = 'trunkline_app'::regrole) THEN
    GRANT trunkline_subtree TO trunkline_app;
  END IF;
END $$;

-- the tenant of the transaction and all below it; and those below it alone
CREATE FUNCTION tenants_below() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH child AS (SELECT id FROM tenant_node WHERE parent_id = current_tenant())
  SELECT ARRAY(SELECT id FROM child UNION ALL SELECT n.id FROM child JOIN tenant_node n ON n.parent_id = child.id) $$;
CREATE FUNCTION tenants_within() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT current_tenant() || tenants_below() $$;

ALTER TABLE "tenant_node" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "tenant_node" TO trunkline_app USING (id = (SELECT current_tenant()));
CREATE POLICY system ON "tenant_node" TO trunkline_system USING (true) WITH CHECK (true);

-- Reads reach the subtree with its root; changes reach what is below it. `::uuid[]` makes it one array, computed once for a statement, that an index can be asked for.
CREATE POLICY subtree_reads ON "tenant" FOR SELECT TO trunkline_subtree USING (id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_plants ON "tenant" FOR INSERT TO trunkline_subtree WITH CHECK (parent_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_changes ON "tenant" FOR UPDATE TO trunkline_subtree USING (id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_reads ON "tenant_node" FOR SELECT TO trunkline_subtree USING (id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_changes ON "tenant_node" FOR UPDATE TO trunkline_subtree USING (id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_reads ON "hold" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_places ON "hold" FOR INSERT TO trunkline_subtree
  WITH CHECK (kind IN ('parent', 'reseller') AND tenant_id = ANY ((SELECT tenants_below())::uuid[]));
-- what somebody further up has placed stays
CREATE POLICY subtree_lifts ON "hold" FOR UPDATE TO trunkline_subtree
  USING (tenant_id = ANY ((SELECT tenants_below())::uuid[]) AND (kind = 'parent' OR (kind = 'reseller' AND placed_by = ANY ((SELECT tenants_within())::uuid[]))));
CREATE POLICY subtree_reads ON "plan_assignment" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_assigns ON "plan_assignment" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_reads ON "resale_plan" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_grants ON "resale_plan" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_revokes ON "resale_plan" FOR DELETE TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_reads ON "posting" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_tells ON "outbox" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
-- what it did is written into its own chain, and its own keys make a request happen once
CREATE POLICY subtree ON "audit_entry" TO trunkline_subtree USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY subtree ON "audit_head" TO trunkline_subtree USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY subtree ON "idempotency_key" TO trunkline_subtree USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));

GRANT USAGE ON SCHEMA public TO trunkline_subtree;
GRANT SELECT ON "tenant", "tenant_node", "hold", "plan_assignment", "resale_plan", "posting", "plan", "deck" TO trunkline_subtree;
GRANT INSERT ON "tenant", "hold", "plan_assignment", "resale_plan", "outbox", "edge_dirty" TO trunkline_subtree;
GRANT UPDATE ("name", "channels_max", "revision", "updated_at") ON "tenant" TO trunkline_subtree;
GRANT UPDATE ("channels_allotted", "numbers_allotted", "tenants_allotted") ON "tenant_node" TO trunkline_subtree;
GRANT UPDATE ("lifted_at") ON "hold" TO trunkline_subtree;
GRANT DELETE ON "resale_plan" TO trunkline_subtree;
GRANT SELECT, INSERT ON "audit_entry" TO trunkline_subtree;
GRANT SELECT, INSERT, UPDATE ON "audit_head", "idempotency_key" TO trunkline_subtree;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO trunkline_subtree;
GRANT SELECT ON "tenant_node" TO trunkline_app;
GRANT SELECT ON "tenant_node" TO trunkline_system;
GRANT UPDATE ("channels_allotted", "numbers_allotted", "tenants_allotted") ON "tenant_node" TO trunkline_system;

REVOKE EXECUTE ON FUNCTION claim_allotment(uuid, int, int, int), claim_own_allotment(int, int), plant_tenant(), refuse_tenant_move(), tenants_below(), tenants_within() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_own_allotment(int, int) TO trunkline_app;
GRANT EXECUTE ON FUNCTION tenants_below(), tenants_within() TO trunkline_subtree;
GRANT EXECUTE ON FUNCTION current_tenant(), netstring(text), audit_entry_bytes("audit_entry") TO trunkline_subtree;
