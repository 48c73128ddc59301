-- an endpoint for the events of one thing alone, by its public id: a port order, say, whose tenant has a system of its own for it
ALTER TABLE "webhook_endpoint" ADD COLUMN "only_about" TEXT;
