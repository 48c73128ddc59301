-- ---- audit entries become a chain per tenant: h(n) = SHA-256(h(n-1) || entry n) ----

CREATE TABLE "audit_head" (
    "tenant_id" UUID NOT NULL,
    "length" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("tenant_id")
) WITH (fillfactor = 50); -- updated with every entry: room for the new version on the same page

ALTER TABLE "audit_entry" ADD COLUMN "source_address" TEXT NOT NULL DEFAULT '', ADD COLUMN "sequence" BIGINT, ADD COLUMN "hash" BYTEA;

CREATE FUNCTION netstring(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT octet_length(t) || ':' || t $$;

-- what is hashed of an entry: its fields in this order, each with its length, so that no two entries read alike
CREATE FUNCTION audit_entry_bytes(e "audit_entry") RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT convert_to(netstring(e.tenant_id::text) || netstring(e.id::text) || netstring(floor(extract(epoch FROM e.at) * 1000)::bigint::text)
    || netstring(e.actor_type) || netstring(e.actor_id) || netstring(e.request_id) || netstring(e.source_address)
    || netstring(e.action) || netstring(e.resource_id::text) || netstring(e.data::text), 'UTF8') $$;

-- the head's row lock orders a tenant's entries; it is taken by the last statement of a transaction and held until its commit
CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry bytea := audit_entry_bytes(NEW);
BEGIN
  INSERT INTO audit_head AS head (tenant_id, length, hash) VALUES (NEW.tenant_id, 1, sha256(decode(repeat('00', 32), 'hex') || entry))
  ON CONFLICT (tenant_id) DO UPDATE SET length = head.length + 1, hash = sha256(head.hash || entry)
  RETURNING head.length, head.hash INTO NEW.sequence, NEW.hash;
  RETURN NEW;
END $$;

-- what is there already, in the order it was written
ALTER TABLE "audit_entry" NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
  e audit_entry;
  head audit_head;
BEGIN
  FOR e IN SELECT * FROM audit_entry ORDER BY at, id LOOP
    INSERT INTO audit_head AS h (tenant_id, length, hash) VALUES (e.tenant_id, 1, sha256(decode(repeat('00', 32), 'hex') || audit_entry_bytes(e)))
    ON CONFLICT (tenant_id) DO UPDATE SET length = h.length + 1, hash = sha256(h.hash || audit_entry_bytes(e)) RETURNING * INTO head;
    UPDATE audit_entry SET sequence = head.length, hash = head.hash WHERE tenant_id = e.tenant_id AND id = e.id;
  END LOOP;
END $$;
ALTER TABLE "audit_entry" FORCE ROW LEVEL SECURITY;
ALTER TABLE "audit_entry" ALTER COLUMN "sequence" SET NOT NULL, ALTER COLUMN "hash" SET NOT NULL;
CREATE UNIQUE INDEX "audit_entry_tenant_id_sequence_key" ON "audit_entry" ("tenant_id", "sequence");
CREATE INDEX "audit_entry_tenant_id_resource_id_sequence_idx" ON "audit_entry" ("tenant_id", "resource_id", "sequence");

CREATE TRIGGER audit_entry_chained BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();

-- the head moves with an entry and in no other way
CREATE FUNCTION refuse_audit_head_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the head of an audit chain moves with its entries only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_head_follows BEFORE INSERT OR UPDATE ON "audit_head" FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_audit_head_change();

ALTER TABLE "audit_head" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_head" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "audit_head" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "audit_head" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "audit_head" TO trunkline_app, trunkline_system;
REVOKE EXECUTE ON FUNCTION netstring(text), audit_entry_bytes("audit_entry"), chain_audit_entry(), refuse_audit_head_change() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION netstring(text), audit_entry_bytes("audit_entry") TO trunkline_app, trunkline_system;
