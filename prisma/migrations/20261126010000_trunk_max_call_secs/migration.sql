-- The longest a call of the trunk may last; null is the platform's four hours.
ALTER TABLE "trunk" ADD COLUMN "max_call_secs" INTEGER CHECK ("max_call_secs" BETWEEN 1 AND 86400);
