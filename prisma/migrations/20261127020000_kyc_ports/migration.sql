-- What becomes of a port in that a tenant submits before it is verified: the operator looks at it first, as it always did, or it is refused.
ALTER TABLE "kyc_policy" ADD COLUMN "ports" TEXT NOT NULL DEFAULT 'reviewed' CHECK ("ports" IN ('reviewed', 'refused'));
