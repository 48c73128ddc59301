-- So that a change of a webhook endpoint can say which state it is meant for (If-Match).
ALTER TABLE "webhook_endpoint" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 1;
