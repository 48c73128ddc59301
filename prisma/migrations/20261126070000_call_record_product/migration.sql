-- ---- calls: found by number while their numbers are whole, masked when they are old ----

ALTER TABLE "cdr" ADD COLUMN "masked_at" TIMESTAMPTZ(3), ADD COLUMN "waived_at" TIMESTAMPTZ(3);

-- a masked number names nobody, so it is not looked for: the indexes stay as small as the calls of the last months
CREATE INDEX "cdr_caller_id_idx" ON "cdr" ("tenant_id", "caller_id", "started_at") WHERE "masked_at" IS NULL AND "caller_id" IS NOT NULL;
CREATE INDEX "cdr_destination_idx" ON "cdr" ("tenant_id", "destination", "started_at") WHERE "masked_at" IS NULL AND "destination" IS NOT NULL;
-- what is left to mask, and the proof that nothing is
CREATE INDEX "cdr_unmasked_idx" ON "cdr" ("tenant_id", "started_at") WHERE "masked_at" IS NULL AND "rating_state" <> 'unrated';

-- CreateTable
CREATE TABLE "call_settings" (
    "tenant_id" UUID NOT NULL,
    "masked_after_days" INTEGER,
    "retention_days" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "call_settings_pkey" PRIMARY KEY ("tenant_id")
);
ALTER TABLE "call_settings" ADD CHECK ("masked_after_days" BETWEEN 1 AND 3650), ADD CHECK ("retention_days" BETWEEN 1 AND 3650);

-- Drops the months of calls that end at or before `before`. One that still has unrated calls stays: they are neither free nor lost.
CREATE FUNCTION drop_cdr_partitions(before timestamptz) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  part record;
  waiting boolean;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true); -- whoever stores or reads calls waits behind us: rather try again in an hour
  FOR part IN
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'cdr'::regclass AND c.relname ~ '^cdr_[0-9]{4}_[0-9]{2}$'
      AND substring(pg_get_expr(c.relpartbound, c.oid) FROM $to$TO \('([^']+)'\)$to$)::timestamptz <= before
    ORDER BY 1
  LOOP
    LOCK TABLE ONLY cdr IN ACCESS EXCLUSIVE MODE; -- the parent first, as everybody does: no circle of waits
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE rating_state = ''unrated'')', part.name) INTO waiting;
    CONTINUE WHEN waiting;
    EXECUTE format('DROP TABLE %I', part.name);
    RETURN NEXT part.name;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION drop_cdr_partitions(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_cdr_partitions(timestamptz) TO trunkline_system;

-- ---- lines that did not become a call: what became of them in the end ----

ALTER TABLE "cdr_issue" ADD COLUMN "resolution" TEXT, ADD COLUMN "resolved_at" TIMESTAMPTZ(3), ADD COLUMN "note" TEXT, ADD COLUMN "cdr_id" UUID;
ALTER TABLE "cdr_issue" ADD CHECK ("resolution" IN ('stored', 'kept', 'replaced', 'discarded')), ADD CHECK (("resolution" IS NULL) = ("resolved_at" IS NULL));
CREATE INDEX "cdr_issue_open_idx" ON "cdr_issue" ("received_at" DESC, "id" DESC) WHERE "resolution" IS NULL;
CREATE INDEX "cdr_issue_resolved_idx" ON "cdr_issue" ("resolved_at") WHERE "resolved_at" IS NOT NULL AND "line" <> '';

-- ---- exports ----

-- CreateTable
CREATE TABLE "call_export" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "run" INTEGER NOT NULL DEFAULT 0,
    "row_count" INTEGER,
    "byte_count" BIGINT,
    "sha256" BYTEA,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "call_export_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "call_export_chunk" (
    "tenant_id" UUID NOT NULL,
    "export_id" UUID NOT NULL,
    "run" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "call_export_chunk_pkey" PRIMARY KEY ("tenant_id","export_id","run","position")
);
CREATE INDEX "call_export_tenant_id_created_at_id_idx" ON "call_export"("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "call_export_expiry_idx" ON "call_export"("expires_at") WHERE "state" <> 'expired';
ALTER TABLE "call_export_chunk" ADD CONSTRAINT "call_export_chunk_tenant_id_export_id_fkey" FOREIGN KEY ("tenant_id", "export_id") REFERENCES "call_export"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "call_export" ADD CHECK ("format" IN ('csv', 'ndjson')), ADD CHECK ("state" IN ('pending', 'running', 'completed', 'failed', 'expired'));

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['call_settings', 'call_export', 'call_export_chunk'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT DELETE ON "cdr", "call_export_chunk" TO trunkline_system;
GRANT DELETE ON "call_export_chunk" TO trunkline_app;
