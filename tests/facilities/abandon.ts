/**
 * Makes a facility's objects within a scope, says so and sleeps until it is killed.
 *
 * @module
 */
import type { Capability } from "../../facilities/facility.ts";
import { futexWait } from "../../facilities/libc/linux_futex.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import { getppid } from "../../facilities/libc/unistd.ts";
import { Scope } from "../../facilities/scope.ts";
import { createSharedPage, mapSharedPage } from "../../facilities/shared_page.ts";
import { loadFacility } from "../../facilities/taxonomy.ts";

const [id, capability, folder, variant] = Deno.args as [string, Capability, string, string?];
dieWithParent(getppid());
const scope = new Scope(folder);
const facility = await loadFacility(id);
await facility[capability]!.create({
  variant,
  maxBytes: 4,
  participants: "process",
  count: 2,
  scope,
});
console.log("made");
const { pointer } = mapSharedPage(createSharedPage().fd);
for (;;) futexWait(pointer, 0);
