-- How a tenant pays, and everything that was paid, given back or disputed.

CREATE TABLE "billing_settings" (
    "tenant_id" UUID NOT NULL,
    "billing_mode" TEXT NOT NULL DEFAULT 'postpaid',
    "top_up_below_nanos" BIGINT,
    "top_up_amount_minor" BIGINT,
    "top_up_daily_max_minor" BIGINT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_settings_pkey" PRIMARY KEY ("tenant_id")
);

CREATE TABLE "top_up" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "origin" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "state" TEXT NOT NULL,
    "payment_method_id" TEXT,
    "provider_payment_id" TEXT,
    "decline_code" TEXT,
    "action_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "top_up_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "credit_note" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "invoice_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "settlement" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "provider_credit_note_id" TEXT,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "handed_over_at" TIMESTAMPTZ(3),

    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "credit_note_line" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "credit_note_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "category" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "credit_note_line_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "refund" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "invoice_id" UUID,
    "top_up_id" UUID,
    "credit_note_id" UUID,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "provider_refund_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "refund_pkey" PRIMARY KEY ("tenant_id","id")
);

CREATE TABLE "dispute" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "provider_dispute_id" TEXT NOT NULL,
    "invoice_id" UUID,
    "top_up_id" UUID,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "dispute_pkey" PRIMARY KEY ("tenant_id","id")
);

-- one row for each difference between the provider and us; of no tenant, since an object at the provider may be nobody's
CREATE TABLE "reconciliation" (
    "id" UUID NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ours" TEXT NOT NULL,
    "theirs" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_pkey" PRIMARY KEY ("id")
);

-- of the collection of an invoice; what is issued stays as it is
ALTER TABLE "invoice"
    ADD COLUMN "from_balance_minor" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "attempts" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "next_attempt_at" TIMESTAMPTZ(3),
    ADD COLUMN "decline_code" TEXT,
    ADD COLUMN "failed_at" TIMESTAMPTZ(3),
    ADD COLUMN "hosted_url" TEXT;
UPDATE "invoice" SET "next_attempt_at" = "issued_at" WHERE "state" = 'open' AND "provider_invoice_id" IS NULL;
ALTER TABLE "payment_account" ADD COLUMN "method_changed_at" TIMESTAMPTZ(3);
-- a balance that is watched tells when it falls to this, and when it is used up; null: nobody asked
ALTER TABLE "balance" ADD COLUMN "watch_nanos" BIGINT;

CREATE INDEX "payment_account_provider_customer_id_idx" ON "payment_account" ("provider_customer_id");
CREATE INDEX "invoice_id_idx" ON "invoice" ("id");
CREATE INDEX "invoice_attempt_idx" ON "invoice" ("next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "billing_settings_prepaid_idx" ON "billing_settings" ("tenant_id") WHERE "billing_mode" = 'prepaid';
CREATE INDEX "top_up_id_idx" ON "top_up" ("id");
CREATE INDEX "top_up_tenant_id_created_at_id_idx" ON "top_up" ("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "top_up_unsettled_idx" ON "top_up" ("created_at") WHERE "state" IN ('pending', 'requires_action');
-- the guard against loops: one at a time, whoever asks at the same moment
CREATE UNIQUE INDEX "top_up_automatic_key" ON "top_up" ("tenant_id") WHERE "origin" = 'automatic' AND "state" IN ('pending', 'requires_action');
CREATE UNIQUE INDEX "credit_note_number_key" ON "credit_note" ("number");
CREATE UNIQUE INDEX "credit_note_provider_key" ON "credit_note" ("tenant_id", "provider_credit_note_id");
CREATE INDEX "credit_note_tenant_id_invoice_id_idx" ON "credit_note" ("tenant_id", "invoice_id");
CREATE INDEX "credit_note_to_hand_over_idx" ON "credit_note" ("issued_at") WHERE "handed_over_at" IS NULL AND "settlement" = 'reduce';
CREATE UNIQUE INDEX "credit_note_line_position_key" ON "credit_note_line" ("tenant_id", "credit_note_id", "position");
CREATE UNIQUE INDEX "refund_provider_key" ON "refund" ("tenant_id", "provider_refund_id");
CREATE INDEX "refund_tenant_id_invoice_id_idx" ON "refund" ("tenant_id", "invoice_id");
CREATE INDEX "refund_tenant_id_top_up_id_idx" ON "refund" ("tenant_id", "top_up_id");
CREATE INDEX "refund_pending_idx" ON "refund" ("created_at") WHERE "state" = 'pending';
CREATE UNIQUE INDEX "dispute_provider_key" ON "dispute" ("tenant_id", "provider_dispute_id");
CREATE UNIQUE INDEX "reconciliation_open_key" ON "reconciliation" ("object_type", "object_id", "kind") WHERE "state" = 'open';
CREATE INDEX "reconciliation_found_at_id_idx" ON "reconciliation" ("found_at" DESC, "id" DESC);

ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "credit_note_line" ADD CONSTRAINT "credit_note_line_tenant_id_credit_note_id_fkey" FOREIGN KEY ("tenant_id", "credit_note_id") REFERENCES "credit_note"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "refund"
    ADD CONSTRAINT "refund_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    ADD CONSTRAINT "refund_tenant_id_top_up_id_fkey" FOREIGN KEY ("tenant_id", "top_up_id") REFERENCES "top_up"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    ADD CONSTRAINT "refund_tenant_id_credit_note_id_fkey" FOREIGN KEY ("tenant_id", "credit_note_id") REFERENCES "credit_note"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "dispute"
    ADD CONSTRAINT "dispute_tenant_id_invoice_id_fkey" FOREIGN KEY ("tenant_id", "invoice_id") REFERENCES "invoice"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    ADD CONSTRAINT "dispute_tenant_id_top_up_id_fkey" FOREIGN KEY ("tenant_id", "top_up_id") REFERENCES "top_up"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "invoice" DROP CONSTRAINT "invoice_state_check";
ALTER TABLE "invoice"
    ADD CONSTRAINT "invoice_state_check" CHECK ("state" IN ('open', 'payment_failed', 'uncollectible', 'paid', 'void')),
    ADD CHECK ("from_balance_minor" BETWEEN 0 AND "total_minor");
ALTER TABLE "billing_settings"
    ADD CHECK ("billing_mode" IN ('postpaid', 'prepaid')),
    ADD CHECK (("top_up_below_nanos" IS NULL) = ("top_up_amount_minor" IS NULL) AND ("top_up_below_nanos" IS NULL) = ("top_up_daily_max_minor" IS NULL)),
    ADD CHECK ("top_up_below_nanos" >= 0 AND "top_up_amount_minor" > 0 AND "top_up_daily_max_minor" >= "top_up_amount_minor");
ALTER TABLE "top_up"
    ADD CHECK ("origin" IN ('manual', 'automatic')),
    ADD CHECK ("state" IN ('pending', 'requires_action', 'succeeded', 'failed')),
    ADD CHECK ("amount_minor" > 0);
ALTER TABLE "credit_note" ADD CHECK ("settlement" IN ('reduce', 'refund', 'balance')), ADD CHECK ("state" IN ('issued', 'void')), ADD CHECK ("total_minor" > 0);
ALTER TABLE "credit_note_line" ADD CHECK ("amount_minor" > 0);
ALTER TABLE "refund" ADD CHECK ("state" IN ('pending', 'succeeded', 'failed')), ADD CHECK ("amount_minor" > 0), ADD CHECK (num_nonnulls("invoice_id", "top_up_id") = 1);
ALTER TABLE "dispute" ADD CHECK ("state" IN ('inquiry', 'open', 'won', 'lost')), ADD CHECK (num_nonnulls("invoice_id", "top_up_id") = 1);
ALTER TABLE "reconciliation" ADD CHECK ("object_type" IN ('invoice', 'payment', 'refund')), ADD CHECK ("state" IN ('open', 'healed', 'gone'));

CREATE OR REPLACE FUNCTION refuse_issued_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.tenant_id, NEW.id, NEW.number, NEW.period_from, NEW.period_to, NEW.currency, NEW.total_minor, NEW.from_balance_minor, NEW.issued_at)
     IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.number, OLD.period_from, OLD.period_to, OLD.currency, OLD.total_minor, OLD.from_balance_minor, OLD.issued_at) THEN
    RAISE EXCEPTION 'an issued invoice does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION refuse_credit_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.tenant_id, NEW.id, NEW.invoice_id, NEW.number, NEW.currency, NEW.total_minor, NEW.settlement, NEW.issued_at)
     IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.invoice_id, OLD.number, OLD.currency, OLD.total_minor, OLD.settlement, OLD.issued_at) THEN
    RAISE EXCEPTION 'an issued credit note does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_note_immutable BEFORE UPDATE ON "credit_note" FOR EACH ROW EXECUTE FUNCTION refuse_credit_note_change();
REVOKE EXECUTE ON FUNCTION refuse_credit_note_change() FROM PUBLIC;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['billing_settings', 'top_up', 'credit_note', 'credit_note_line', 'refund', 'dispute'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;

-- whether it pays before or after, the operator decides
GRANT SELECT ON "billing_settings" TO trunkline_app;
GRANT INSERT ("tenant_id", "top_up_below_nanos", "top_up_amount_minor", "top_up_daily_max_minor", "updated_at") ON "billing_settings" TO trunkline_app;
GRANT UPDATE ("top_up_below_nanos", "top_up_amount_minor", "top_up_daily_max_minor", "updated_at") ON "billing_settings" TO trunkline_app;
GRANT SELECT, INSERT ON "top_up" TO trunkline_app;
GRANT SELECT ON "credit_note", "credit_note_line", "refund", "dispute" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE ON "billing_settings", "top_up", "credit_note", "refund", "dispute", "reconciliation" TO trunkline_system;
GRANT SELECT, INSERT ON "credit_note_line" TO trunkline_system;
