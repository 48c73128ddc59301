ALTER TABLE "trunk" ADD COLUMN "called_number_in" TEXT NOT NULL DEFAULT 'request_uri' CHECK ("called_number_in" IN ('request_uri', 'to'));
