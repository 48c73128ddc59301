// The same specs once more, with the queues in Redis (see queueUnderTest of @trunkline/testing).
process.env.TEST_QUEUE = 'redis';
