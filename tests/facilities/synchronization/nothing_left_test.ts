// @gate alone

import { assertEquals, assertMatch } from "@std/assert";
import type { Capability, Facility, Lock, Notifier } from "../../../facilities/facility.ts";
import { listFolder } from "../../../facilities/libc/files.ts";
import { IPC_CREAT, IPC_EXCL, semget, semRemove } from "../../../facilities/libc/sys_sem.ts";
import { removeScope, Scope } from "../../../facilities/scope.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { asNobody, CAN_BECOME_NOBODY } from "../rows.ts";
import { leavingNothing, withFolder } from "../together.ts";

const FACILITIES: Facility[] = [];
for (const { place, load } of LEAVES) {
  if (place[0] !== "communication") FACILITIES.push((await load()).facility);
}

/** Uses what `attach` returned once, all by itself. */
function use(it: Notifier | readonly Lock[]): void {
  if ("post" in it) {
    it.post();
    it.wait();
  } else {
    for (const lock of it) lock.acquire();
    for (const lock of it) lock.release();
  }
}

function disposeTwice(it: Disposable | readonly Disposable[]): void {
  for (const each of Array.isArray(it) ? it : [it]) {
    each[Symbol.dispose]();
    each[Symbol.dispose]();
  }
}

for (const facility of FACILITIES) {
  for (const capability of ["notifier", "lock"] as const) {
    const offer = facility[capability];
    if (!offer) continue;
    const variants = offer.variants ?? facility.variants?.map(({ id }) => id) ?? [undefined];
    for (const variant of variants) {
      const name = [facility.id, variant, capability].filter(Boolean).join(" ");
      Deno.test(`${name}: is used twice by one and leaves nothing behind`, async () => {
        await leavingNothing(() =>
          withFolder(async (folder) => {
            const before = listFolder("/proc/self/fd");
            using scope = new Scope(`${folder}/scope`);
            const options = { variant, maxBytes: 4, participants: "thread", count: 1 } as const;
            const created = await offer.create({ ...options, scope });
            for (let turn = 0; turn < 2; turn++) {
              const it = await offer.attach(created.link, "solo");
              use(it);
              disposeTwice(it);
            }
            disposeTwice(created);
            scope[Symbol.dispose]();
            assertEquals(listFolder("/proc/self/fd"), before);
          })
        );
      });
    }
  }
}

const NAMED: [id: string, capability: Capability, made: RegExp[]][] = [
  ["sysv-semaphore", "lock", [/^sysv-sem /]],
  ["posix-named-semaphore", "lock", [/^sem /, /^sem /, /^sem /]],
  ["posix-named-semaphore", "notifier", [/^sem /, /^sem /]],
  ["fcntl-lock", "lock", [/^lock-/]],
  ["flock", "lock", [/^flock-/, /^flock-/, /^flock-/]],
];

for (const [id, capability, made] of NAMED) {
  Deno.test(`${id}: what a killed ${capability} leaves behind is found and removed`, async () => {
    await leavingNothing(() =>
      withFolder(async (folder) => {
        const program = import.meta.resolve("../abandon.ts");
        const scope = `${folder}/scope`;
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "--allow-ffi", "--allow-read", program, id, capability, scope],
          stdin: "null",
          stdout: "piped",
        }).spawn();
        const output = child.stdout.getReader();
        const { value } = await output.read();
        assertEquals(new TextDecoder().decode(value), "made\n");
        child.kill("SIGKILL");
        await child.status;
        await output.cancel();
        const removed = removeScope(scope);
        assertEquals(removed.length, made.length);
        for (const [index, pattern] of made.entries()) assertMatch(removed[index]!, pattern);
        assertEquals(removeScope(scope), []);
      })
    );
  });
}

Deno.test({
  name: "another user's set of semaphores with a journaled key stays",
  ignore: !CAN_BECOME_NOBODY,
  async fn() {
    await leavingNothing(() =>
      withFolder(async (folder) => {
        const key = crypto.getRandomValues(new Int32Array(1))[0]! || 1;
        const args = [key, 1, IPC_CREAT | IPC_EXCL | 0o600];
        assertEquals(await asNobody({ call: "semget", args }), null);
        Deno.mkdirSync(`${folder}/scope`);
        Deno.writeTextFileSync(`${folder}/scope/journal`, `sysv-sem ${key}\n`);
        removeScope(`${folder}/scope`);
        semRemove(semget(key, 0, 0));
      })
    );
  },
});
