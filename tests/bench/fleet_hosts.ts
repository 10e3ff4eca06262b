/**
 * Fifty simulated hosts write twenty runs each at once into one PostgreSQL that is restarted twice
 * meanwhile, once as after a crash; prints what arrived. Arguments: hosts, runs of each.
 */
import { PostgresServer } from "../postgres_server.ts";
import { simulate } from "../reports/history/postgres/fleet.ts";

const [hosts, runsEach] = [Number(Deno.args[0] ?? 50), Number(Deno.args[1] ?? 20)];
await using server = await PostgresServer.start({ settings: { fsync: "on" } });
const { ids, expected, torn, ...figures } = await simulate(server, {
  hosts,
  runsEach,
  restartsAt: [0.25, 0.6],
  crash: true,
});
const missing = expected.filter((id) => !ids.includes(id));
console.log(figures);
console.log(`${ids.length} runs arrived of ${expected.length}, ${missing.length} missing,`);
console.log(`${ids.length - new Set(ids).size} twice, ${torn.length} seen in part`);
// Not Deno.exit: the server has to be stopped first.
Deno.exitCode = missing.length + torn.length === 0 && ids.length === expected.length ? 0 : 1;
