-- Roles are cluster-wide, so another database of the cluster may have made them already. They log in only once a password is set.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['trunkline_app', 'trunkline_system'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- made before, or at this very moment by another database's migration
    END;
  END LOOP;
END $$;

-- The tenant of the running transaction. Raises when none is set: a query outside a tenant's door must fail, not return nothing.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE tenant text := current_setting('app.tenant_id', true);
BEGIN
  IF tenant IS NULL OR tenant = '' THEN
    RAISE EXCEPTION 'no tenant in scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN tenant::uuid;
END $$;

-- CreateTable
CREATE TABLE "invoice" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "period_from" TIMESTAMPTZ(3) NOT NULL,
    "period_to" TIMESTAMPTZ(3) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "provider_invoice_id" TEXT,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "invoice_line" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" TEXT NOT NULL,
    "exact_nanos" BIGINT NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "invoice_number" (
    "month" DATE NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "invoice_number_pkey" PRIMARY KEY ("month")
);

-- CreateTable
CREATE TABLE "invoice_posting" (
    "tenant_id" UUID NOT NULL,
    "posting_id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,

    CONSTRAINT "invoice_posting_pkey" PRIMARY KEY ("tenant_id","posting_id")
);

-- CreateTable
CREATE TABLE "payment_account" (
    "tenant_id" UUID NOT NULL,
    "provider_customer_id" TEXT NOT NULL,
    "payment_method_id" TEXT,

    CONSTRAINT "payment_account_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "payment_event" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_gateway" (
    "id" UUID NOT NULL,
    "carrier_id" UUID NOT NULL,
    "uri" TEXT NOT NULL,
    "source_addresses" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_gateway_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_route" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "prefix" TEXT,
    "country" CHAR(2),
    "gateway_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cdr" (
    "tenant_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "id" UUID NOT NULL,
    "edge_id" UUID NOT NULL,
    "trunk_id" UUID,
    "carrier_id" UUID,
    "direction" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "caller_id" TEXT,
    "destination" TEXT,
    "call_id" TEXT NOT NULL,
    "source_address" TEXT NOT NULL,
    "gateway" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "sip_code" INTEGER NOT NULL,
    "reason" TEXT,
    "hangup_by" TEXT,
    "attempts" INTEGER[],
    "content_hash" TEXT NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,
    "rating_state" TEXT NOT NULL,
    "currency" CHAR(3),
    "amount_nanos" BIGINT,
    "billed_seconds" INTEGER NOT NULL,
    "deck_version_id" UUID,
    "prefix" TEXT,
    "rate_per_minute_nanos" BIGINT,
    "connect_fee_nanos" BIGINT,
    "initial_seconds" INTEGER,
    "increment_seconds" INTEGER,

    CONSTRAINT "cdr_pkey" PRIMARY KEY ("tenant_id","started_at","id")
) PARTITION BY RANGE ("started_at");

-- CreateTable
CREATE TABLE "cdr_issue" (
    "id" UUID NOT NULL,
    "edge_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "line_hash" BYTEA NOT NULL,
    "line" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cdr_issue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cdr_reject_count" (
    "edge_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "cdr_reject_count_pkey" PRIMARY KEY ("edge_id","day","reason")
);

-- CreateTable
CREATE TABLE "edge" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "sip_address" TEXT NOT NULL,
    "enrol_token_hash" BYTEA,
    "enrol_expires_at" TIMESTAMPTZ(3),
    "public_key" TEXT,
    "enrolled_at" TIMESTAMPTZ(3),
    "applied_version" BIGINT NOT NULL DEFAULT 0,
    "applied_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "drifted_at" TIMESTAMPTZ(3),
    "status" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "edge_scope" (
    "scope" TEXT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,
    "floor" BIGINT NOT NULL DEFAULT 0,
    "checksums" JSONB NOT NULL DEFAULT '{}',
    "swept_at" TIMESTAMPTZ(3),
    "sweep_blocked" TEXT,

    CONSTRAINT "edge_scope_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "edge_entry" (
    "scope" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT,
    "version" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_entry_pkey" PRIMARY KEY ("scope","kind","key")
);

-- CreateTable
CREATE TABLE "edge_dirty" (
    "seq" BIGSERIAL NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "edge_dirty_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "edge_resource" (
    "scope" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "edge_resource_pkey" PRIMARY KEY ("scope","resource_type","resource_id")
);

-- CreateTable
CREATE TABLE "posting" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "month" DATE NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    "reference" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "seconds" BIGINT NOT NULL,
    "debit" TEXT NOT NULL,
    "credit" TEXT NOT NULL,
    "amount_nanos" BIGINT NOT NULL,

    CONSTRAINT "posting_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "balance" (
    "tenant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_nanos" BIGINT NOT NULL,

    CONSTRAINT "balance_pkey" PRIMARY KEY ("tenant_id","currency")
);

-- CreateTable
CREATE TABLE "number_inventory" (
    "e164" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "area_code" TEXT NOT NULL,
    "locality" TEXT,
    "type" TEXT NOT NULL,
    "carrier_id" UUID,
    "state" TEXT NOT NULL,
    "quarantined_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "number_inventory_pkey" PRIMARY KEY ("e164")
);

-- CreateTable
CREATE TABLE "number_assignment" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "trunk_id" UUID,
    "external_reference" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "quarantined_until" TIMESTAMPTZ(3),

    CONSTRAINT "number_assignment_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "dispatched_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "response_sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "deck" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deck_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deck_version" (
    "id" UUID NOT NULL,
    "deck_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "rates_count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deck_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deck_rate" (
    "deck_version_id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "rate_per_minute_nanos" BIGINT NOT NULL,
    "connect_fee_nanos" BIGINT NOT NULL,
    "initial_seconds" INTEGER NOT NULL,
    "increment_seconds" INTEGER NOT NULL,

    CONSTRAINT "deck_rate_pkey" PRIMARY KEY ("deck_version_id","prefix")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "channel_monthly_nanos" BIGINT NOT NULL,
    "channel_setup_nanos" BIGINT NOT NULL,
    "number_monthly_nanos" BIGINT NOT NULL,
    "number_setup_nanos" BIGINT NOT NULL,
    "outbound_deck_id" UUID NOT NULL,
    "inbound_deck_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_assignment" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_assignment_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "recurring_item" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_monthly_nanos" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3),

    CONSTRAINT "recurring_item_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "name" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "channels_max" INTEGER,
    "home_edge_id" UUID,
    "external_reference" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hold" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "operator_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operator_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trunk" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "channels_max" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "default_caller_id" TEXT,
    "allowed_countries" TEXT[],
    "inbound_routes" JSONB NOT NULL,
    "external_reference" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "trunk_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "trunk_credential" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "trunk_id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "ha1_md5_sealed" BYTEA NOT NULL,
    "ha1_sha256_sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "trunk_credential_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invoice_number_key" ON "invoice"("number");

-- CreateIndex
CREATE INDEX "invoice_provider_invoice_id_idx" ON "invoice"("provider_invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_tenant_id_period_from_key" ON "invoice"("tenant_id", "period_from");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_line_tenant_id_invoice_id_position_key" ON "invoice_line"("tenant_id", "invoice_id", "position");

-- CreateIndex
CREATE INDEX "invoice_posting_tenant_id_invoice_id_idx" ON "invoice_posting"("tenant_id", "invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "carrier_name_key" ON "carrier"("name");

-- CreateIndex
CREATE INDEX "carrier_gateway_carrier_id_idx" ON "carrier_gateway"("carrier_id");

-- CreateIndex
CREATE INDEX "carrier_route_prefix_idx" ON "carrier_route"("prefix");

-- CreateIndex
CREATE INDEX "carrier_route_gateway_id_idx" ON "carrier_route"("gateway_id");

-- CreateIndex
CREATE INDEX "cdr_issue_received_at_id_idx" ON "cdr_issue"("received_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "cdr_issue_edge_id_line_hash_key" ON "cdr_issue"("edge_id", "line_hash");

-- CreateIndex
CREATE UNIQUE INDEX "edge_name_key" ON "edge"("name");

-- CreateIndex
CREATE INDEX "edge_entry_scope_version_idx" ON "edge_entry"("scope", "version");

-- CreateIndex
CREATE INDEX "posting_tenant_id_month_idx" ON "posting"("tenant_id", "month");

-- CreateIndex
CREATE UNIQUE INDEX "posting_tenant_id_kind_reference_key" ON "posting"("tenant_id", "kind", "reference");

-- CreateIndex
CREATE INDEX "number_inventory_country_area_code_state_idx" ON "number_inventory"("country", "area_code", "state");

-- CreateIndex
CREATE INDEX "number_assignment_tenant_id_created_at_id_idx" ON "number_assignment"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "number_assignment_tenant_id_trunk_id_idx" ON "number_assignment"("tenant_id", "trunk_id");

-- CreateIndex
CREATE INDEX "number_assignment_e164_idx" ON "number_assignment"("e164");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "deck_name_key" ON "deck"("name");

-- CreateIndex
CREATE UNIQUE INDEX "deck_version_deck_id_version_key" ON "deck_version"("deck_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "plan_name_key" ON "plan"("name");

-- CreateIndex
CREATE UNIQUE INDEX "plan_assignment_tenant_id_from_key" ON "plan_assignment"("tenant_id", "from");

-- CreateIndex
CREATE INDEX "recurring_item_tenant_id_resource_id_idx" ON "recurring_item"("tenant_id", "resource_id");

-- CreateIndex
CREATE INDEX "tenant_created_at_id_idx" ON "tenant"("created_at", "id");

-- CreateIndex
CREATE INDEX "tenant_parent_id_idx" ON "tenant"("parent_id");

-- CreateIndex
CREATE INDEX "tenant_home_edge_id_idx" ON "tenant"("home_edge_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "operator_key_hash_key" ON "operator_key"("hash");

-- CreateIndex
CREATE INDEX "trunk_tenant_id_created_at_id_idx" ON "trunk"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "trunk_id_idx" ON "trunk"("id");

-- CreateIndex
CREATE UNIQUE INDEX "trunk_credential_username_key" ON "trunk_credential"("username");

-- CreateIndex
CREATE INDEX "trunk_credential_tenant_id_trunk_id_idx" ON "trunk_credential"("tenant_id", "trunk_id");

-- AddForeignKey
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_posting" ADD CONSTRAINT "invoice_posting_tenant_id_posting_id_fkey" FOREIGN KEY ("tenant_id", "posting_id") REFERENCES "posting"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_posting" ADD CONSTRAINT "invoice_posting_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_gateway" ADD CONSTRAINT "carrier_gateway_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_route" ADD CONSTRAINT "carrier_route_gateway_id_fkey" FOREIGN KEY ("gateway_id") REFERENCES "carrier_gateway"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- AddForeignKey
ALTER TABLE "number_inventory" ADD CONSTRAINT "number_inventory_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "number_assignment" ADD CONSTRAINT "number_assignment_e164_fkey" FOREIGN KEY ("e164") REFERENCES "number_inventory"("e164") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "number_assignment" ADD CONSTRAINT "number_assignment_tenant_id_trunk_id_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deck_version" ADD CONSTRAINT "deck_version_deck_id_fkey" FOREIGN KEY ("deck_id") REFERENCES "deck"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deck_rate" ADD CONSTRAINT "deck_rate_deck_version_id_fkey" FOREIGN KEY ("deck_version_id") REFERENCES "deck_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_outbound_deck_id_fkey" FOREIGN KEY ("outbound_deck_id") REFERENCES "deck"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_inbound_deck_id_fkey" FOREIGN KEY ("inbound_deck_id") REFERENCES "deck"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_assignment" ADD CONSTRAINT "plan_assignment_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_home_edge_id_fkey" FOREIGN KEY ("home_edge_id") REFERENCES "edge"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trunk_credential" ADD CONSTRAINT "trunk_credential_tenant_id_trunk_id_fkey" FOREIGN KEY ("tenant_id", "trunk_id") REFERENCES "trunk"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

CREATE UNIQUE INDEX "hold_active_key" ON "hold" ("tenant_id", "kind") WHERE "lifted_at" IS NULL;
CREATE UNIQUE INDEX "trunk_name_key" ON "trunk" ("tenant_id", "name") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "number_assignment_active_key" ON "number_assignment" ("e164") WHERE "released_at" IS NULL;
CREATE INDEX "number_inventory_prefix_idx" ON "number_inventory" ("e164" text_pattern_ops);
CREATE INDEX "outbox_pending_idx" ON "outbox" ("created_at") WHERE "dispatched_at" IS NULL;
-- of what the sweeps look for, among everything there ever was
CREATE INDEX "edge_entry_tombstone_idx" ON "edge_entry" ("updated_at") WHERE "value" IS NULL;
CREATE INDEX "number_inventory_quarantine_idx" ON "number_inventory" ("quarantined_until") WHERE "state" = 'quarantined';
CREATE INDEX "invoice_open_idx" ON "invoice" ("issued_at") WHERE "state" = 'open';
CREATE INDEX "payment_event_unprocessed_idx" ON "payment_event" ("received_at") WHERE "processed_at" IS NULL;
CREATE INDEX "cdr_unrated_idx" ON "cdr" ("tenant_id", "started_at") WHERE "rating_state" = 'unrated';
CREATE UNIQUE INDEX "carrier_route_pstn_key" ON "carrier_route" ("prefix", "gateway_id") WHERE "kind" = 'pstn';
CREATE UNIQUE INDEX "carrier_route_emergency_key" ON "carrier_route" ("country", "gateway_id") WHERE "kind" = 'emergency';

ALTER TABLE "hold" ADD CHECK ("kind" IN ('billing', 'fraud', 'operator', 'parent'));
ALTER TABLE "trunk" ADD CHECK ("channels_max" > 0);
ALTER TABLE "number_inventory" ADD CHECK ("e164" ~ '^\+[1-9][0-9]{5,14}$'), ADD CHECK ("state" IN ('available', 'assigned', 'quarantined'));
ALTER TABLE "carrier_route" ADD CHECK (("kind" = 'pstn' AND "prefix" ~ '^[0-9]{1,15}$' AND "country" IS NULL) OR ("kind" = 'emergency' AND "country" IS NOT NULL AND "prefix" IS NULL));
ALTER TABLE "deck_rate" ADD CHECK ("prefix" ~ '^[0-9]{1,15}$'), ADD CHECK ("rate_per_minute_nanos" >= 0 AND "connect_fee_nanos" >= 0 AND "initial_seconds" >= 0 AND "increment_seconds" > 0);
ALTER TABLE "plan" ADD CHECK ("channel_monthly_nanos" >= 0 AND "channel_setup_nanos" >= 0 AND "number_monthly_nanos" >= 0 AND "number_setup_nanos" >= 0);
ALTER TABLE "posting" ADD CHECK ("amount_nanos" > 0), ADD CHECK ("debit" <> "credit");
ALTER TABLE "recurring_item" ADD CHECK ("kind" IN ('channel', 'number')), ADD CHECK ("quantity" > 0), ADD CHECK ("to" IS NULL OR "to" >= "from");
ALTER TABLE "invoice" ADD CHECK ("state" IN ('open', 'paid', 'payment_failed', 'void')), ADD CHECK ("period_from" < "period_to");
ALTER TABLE "cdr" ADD CHECK ("direction" IN ('outbound', 'inbound', 'emergency')), ADD CHECK ("rating_state" IN ('rated', 'free', 'unrated')), ADD CHECK ("rating_state" <> 'rated' OR "amount_nanos" IS NOT NULL);
ALTER TABLE "cdr_issue" ADD CHECK ("kind" IN ('unparseable', 'conflict', 'unattributed'));

-- one configuration for all edges, until there are edge groups
INSERT INTO "edge_scope" ("scope") VALUES ('main');

-- ---- partitions of cdr: a month each, and a default so that no start time is refused ----

CREATE TABLE "cdr_default" PARTITION OF "cdr" DEFAULT;

CREATE FUNCTION ensure_cdr_partitions(first_month date, months int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  month date;
  name text;
BEGIN
  PERFORM pg_advisory_xact_lock(72707371);
  FOR month IN SELECT (date_trunc('month', first_month) + make_interval(months => n))::date FROM generate_series(0, months - 1) n LOOP
    name := 'cdr_' || to_char(month, 'YYYY_MM');
    IF to_regclass(name) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF cdr FOR VALUES FROM (%L) TO (%L)', name, month::text || 'T00:00:00Z', (month + interval '1 month')::date::text || 'T00:00:00Z');
      EXCEPTION WHEN check_violation THEN -- calls of that month are in the default partition, where they may stay: nothing else must wait for it
        RAISE WARNING 'cdr_default has calls of %', name;
      END;
    END IF;
  END LOOP;
END $$;
SELECT ensure_cdr_partitions((now() - interval '1 month')::date, 6);

-- ---- what was issued cannot change ----

CREATE FUNCTION refuse_issued_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.tenant_id, NEW.id, NEW.number, NEW.period_from, NEW.period_to, NEW.currency, NEW.total_minor, NEW.issued_at)
     IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.number, OLD.period_from, OLD.period_to, OLD.currency, OLD.total_minor, OLD.issued_at) THEN
    RAISE EXCEPTION 'an issued invoice does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoice_immutable BEFORE UPDATE ON "invoice" FOR EACH ROW EXECUTE FUNCTION refuse_issued_change();

-- ---- tenant isolation: forced row-level security on every table that has a tenant ----

DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "tenant" TO trunkline_app USING (id = (SELECT current_tenant())) WITH CHECK (id = (SELECT current_tenant()));
CREATE POLICY system ON "tenant" TO trunkline_system USING (true) WITH CHECK (true);
-- the inventory belongs to no tenant: each may look at all of it and take what nobody has, but give back only what it has itself
ALTER TABLE "number_inventory" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_reads ON "number_inventory" FOR SELECT TO trunkline_app USING (true);
CREATE POLICY tenant_moves ON "number_inventory" FOR UPDATE TO trunkline_app
  USING ("state" <> 'assigned' OR EXISTS (SELECT FROM "number_assignment" a WHERE a.e164 = number_inventory.e164 AND a.released_at IS NULL)) WITH CHECK (true);
CREATE POLICY system ON "number_inventory" TO trunkline_system USING (true) WITH CHECK (true);

-- ---- who may do what ----

GRANT USAGE ON SCHEMA public TO trunkline_app, trunkline_system;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_tenant() TO trunkline_app, trunkline_system;
GRANT EXECUTE ON FUNCTION ensure_cdr_partitions(date, int) TO trunkline_system;

-- tenants' own rows
GRANT SELECT, INSERT, UPDATE ON "api_key", "trunk", "trunk_credential", "number_assignment", "recurring_item", "balance", "idempotency_key" TO trunkline_app;
GRANT DELETE ON "idempotency_key" TO trunkline_app;
GRANT INSERT ON "outbox" TO trunkline_app;
GRANT SELECT, INSERT ON "audit_entry", "posting" TO trunkline_app;
GRANT SELECT ON "tenant", "hold", "plan_assignment", "cdr", "invoice", "invoice_line", "invoice_posting" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE ON "payment_account" TO trunkline_app;
-- of the platform's rows a tenant's request reads prices and inventory, takes and returns numbers, and marks what to compile
GRANT SELECT ON "plan", "deck", "deck_version", "deck_rate", "edge_resource", "number_inventory" TO trunkline_app;
GRANT SELECT ("id", "name", "scope", "sip_address", "enrolled_at", "applied_version", "applied_at") ON "edge" TO trunkline_app;
GRANT UPDATE ("state", "quarantined_until") ON "number_inventory" TO trunkline_app;
GRANT SELECT, INSERT ON "edge_dirty" TO trunkline_app;

GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO trunkline_system;
GRANT DELETE ON "outbox", "idempotency_key", "edge_entry", "edge_dirty", "edge_resource", "carrier_gateway", "carrier_route" TO trunkline_system;
REVOKE UPDATE ON "audit_entry", "posting", "invoice_line", "invoice_posting", "deck_version", "deck_rate" FROM trunkline_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO trunkline_app, trunkline_system;
