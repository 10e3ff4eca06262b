import { openPostgres } from "../../../../reports/history/postgres/store.ts";
import { parseAddress } from "../../../../reports/history/postgres/address.ts";
import { PostgresServer } from "../../../postgres_server.ts";
import { testStore } from "../conformance.ts";

let server: PostgresServer;
Deno.test.beforeAll(async () => {
  server = await PostgresServer.start();
});
Deno.test.afterAll(() => server[Symbol.asyncDispose]());

testStore("postgres", async () => openPostgres(parseAddress(server.url(await server.database()))));
