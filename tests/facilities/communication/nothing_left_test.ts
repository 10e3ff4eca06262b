// @gate alone

import { assertEquals, assertMatch } from "@std/assert";
import type { Capability, Channel, Facility, Region } from "../../../facilities/facility.ts";
import { listFolder, readText } from "../../../facilities/libc/files.ts";
import { IPC_CREAT, IPC_EXCL } from "../../../facilities/libc/sys_ipc.ts";
import { msgget, removeMessageQueue } from "../../../facilities/libc/sys_msg.ts";
import { removeSegment, shmget } from "../../../facilities/libc/sys_shm.ts";
import { removeScope, Scope } from "../../../facilities/scope.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { asNobody, CAN_BECOME_NOBODY } from "../rows.ts";
import { leavingNothing, withFolder } from "../together.ts";

// Loaded now, no library is opened within a test, which would look like a leak.
import "../../../facilities/synchronization/futex.ts";

const FACILITIES: Facility[] = [];
for (const { place, load } of LEAVES) {
  if (place[0] === "communication") FACILITIES.push((await load()).facility);
}

/** What is sent, where the facility carries that much. */
const MAX_BYTES = 4_000;

/** Uses what `attach` returned once, all by itself. */
function use(it: Channel | Region, maxBytes: number): void {
  if ("memory" in it) {
    it.memory.bytes.fill(7);
    return;
  }
  for (const length of [1, 100, maxBytes]) {
    const message = Uint8Array.from({ length }, (_, at) => at * 31 + length);
    it.prepare(length);
    it.outgoing().bytes.set(message);
    it.send(length);
    assertEquals(it.receive(length).bytes.slice(0, length), message);
  }
}

function disposeTwice(it: Disposable): void {
  it[Symbol.dispose]();
  it[Symbol.dispose]();
}

/** What this process has mapped shared: the suite's private buffers are none of them. */
function sharedMappings(): string[] {
  return readText("/proc/self/maps").split("\n").filter((line) => / ...s /.test(line));
}

for (const facility of FACILITIES) {
  for (const capability of ["channel", "region"] as const) {
    const offer = facility[capability];
    if (!offer) continue;
    const variants = offer.variants ?? facility.variants?.map(({ id }) => id) ?? [undefined];
    for (const variant of variants) {
      const name = [facility.id, variant, capability].filter(Boolean).join(" ");
      Deno.test(`${name}: is used twice by one and leaves nothing behind`, async () => {
        await leavingNothing(() =>
          withFolder(async (folder) => {
            const before = [listFolder("/proc/self/fd"), sharedMappings()];
            using scope = new Scope(`${folder}/scope`);
            const largest = facility.channel?.largestMessage?.(variant)?.value ?? MAX_BYTES;
            const maxBytes = Math.min(MAX_BYTES, largest);
            const options = { variant, maxBytes, participants: "thread", count: 1 } as const;
            const created = await offer.create({ ...options, scope });
            for (let turn = 0; turn < 2; turn++) {
              const it = await offer.attach(created.link, "solo");
              use(it, maxBytes);
              disposeTwice(it);
            }
            disposeTwice(created);
            assertEquals(removeScope(scope.folder), []);
            scope[Symbol.dispose]();
            assertEquals([listFolder("/proc/self/fd"), sharedMappings()], before);
          })
        );
      });
    }
  }
}

const NAMED: [id: string, capability: Capability, made: RegExp[], variant?: string][] = [
  ["fifo", "channel", [/^fifo-/, /^fifo-/]],
  ["unix-stream", "channel", [/^socket-/], "pathname"],
  ["unix-datagram", "channel", [/^socket-/], "pathname"],
  ["sysv-message-queue", "channel", [/^msg /]],
  ["posix-message-queue", "channel", [/^mq /, /^mq /]],
  ["sysv-shared-memory", "channel", [/^sysv-shm /]],
  ["posix-shared-memory", "channel", [/^shm /]],
  ["file-mapping", "channel", [/^mapping-/]],
];

for (const [id, capability, made, variant] of NAMED) {
  Deno.test(`${id}: what a killed ${capability} leaves behind is found and removed`, async () => {
    await leavingNothing(() =>
      withFolder(async (folder) => {
        const program = import.meta.resolve("../abandon.ts");
        const scope = `${folder}/scope`;
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            "--quiet",
            "--allow-ffi",
            "--allow-read",
            program,
            id,
            capability,
            scope,
            ...(variant ? [variant] : []),
          ],
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
        assertEquals(removed.length, made.length, removed.join(", "));
        for (const [index, pattern] of made.entries()) assertMatch(removed[index]!, pattern);
        assertEquals(removeScope(scope), []);
      })
    );
  });
}

const FOREIGN = [
  {
    kind: "msg",
    call: "msgget",
    args: [],
    remove: (key: number) => removeMessageQueue(msgget(key)),
  },
  {
    kind: "sysv-shm",
    call: "shmget",
    args: [1],
    remove: (key: number) => removeSegment(shmget(key)),
  },
] as const;

for (const { kind, call, args, remove } of FOREIGN) {
  Deno.test({
    name: `another user's object with a journaled key stays: ${kind}`,
    ignore: !CAN_BECOME_NOBODY,
    async fn() {
      await leavingNothing(() =>
        withFolder(async (folder) => {
          const key = crypto.getRandomValues(new Int32Array(1))[0]! || 1;
          const row = { call, args: [key, ...args, IPC_CREAT | IPC_EXCL | 0o600] };
          assertEquals(await asNobody(row), null);
          Deno.mkdirSync(`${folder}/scope`);
          Deno.writeTextFileSync(`${folder}/scope/journal`, `${kind} ${key}\n`);
          assertEquals(removeScope(`${folder}/scope`), []);
          remove(key);
        })
      );
    },
  });
}
