import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma', // a folder: schema.prisma + models/<domain>.prisma
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgres://nobody@127.0.0.1:1/none' },
});
