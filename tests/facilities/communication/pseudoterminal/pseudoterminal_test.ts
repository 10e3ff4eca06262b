// @gate both

import { assertEquals } from "@std/assert";
import { facility } from "../../../../facilities/communication/pseudoterminal/pseudoterminal.ts";
import { O_CLOEXEC, O_NOCTTY, O_RDWR } from "../../../../facilities/libc/fcntl.ts";
import { posixOpenpt, ptsname } from "../../../../facilities/libc/stdlib.ts";
import { ECHO, ICANON, ISIG, localModes } from "../../../../facilities/libc/termios.ts";
import { close, pipe2 } from "../../../../facilities/libc/unistd.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { checkRows } from "../../rows.ts";
import { withFolder } from "../../together.ts";
import { testTransfer } from "../../transfer.ts";

const { create, attach, largestMessage } = facility.channel!;
const LONGEST_LINE = largestMessage!("canonical")!.value;

testTransfer({ facility: "pseudoterminal", variant: "raw", maxBytes: 8_192, turns: 300 });
testTransfer({ facility: "pseudoterminal", variant: "raw", maxBytes: 1 << 20, messages: 50 });
testTransfer({
  facility: "pseudoterminal",
  variant: "canonical",
  maxBytes: LONGEST_LINE,
  turns: 300,
});

Deno.test("calls on pseudoterminals fail as documented", async () => {
  using opened = new DisposableStack();
  const master = opened.adopt(posixOpenpt(O_RDWR | O_NOCTTY | O_CLOEXEC), close);
  const [readEnd] = pipe2().map((end) => opened.adopt(end, close));
  const path = ptsname(master);
  await checkRows([
    { call: "open", args: [path, O_RDWR | O_NOCTTY], errno: "EIO" },
    { call: "grantpt", args: [master], errno: null },
    { call: "unlockpt", args: [master], errno: null },
    { call: "tcgetattr", args: [master], errno: null },
    { call: "open", args: [path, O_RDWR | O_NOCTTY], errno: null },
    { call: "read", args: [master, 1], errno: "EIO" }, // that slave was closed again
    { call: "ptsname_r", args: [readEnd!], errno: "ENOTTY" },
    { call: "unlockpt", args: [readEnd!], errno: "EINVAL" },
    { call: "tcgetattr", args: [readEnd!], errno: "ENOTTY" },
    { call: "tcsetattr", args: [-1], errno: "EBADF" },
  ]);
});

/** Does something with a pseudoterminal of a variant. */
async function withTerminal(
  variant: string,
  act: (link: { master: number; path: string }) => Promise<void> | void,
): Promise<void> {
  await withFolder(async (folder) => {
    using scope = new Scope(`${folder}/scope`);
    const options = { variant, maxBytes: 10_000, participants: "thread", count: 2, scope } as const;
    using created = await create(options);
    await act(created.link as unknown as { master: number; path: string });
  });
}

Deno.test("the slave is closed to others, and nothing is echoed or makes signals", async () => {
  for (const [variant, modes] of [["raw", 0], ["canonical", ICANON]] as const) {
    await withTerminal(variant, async ({ master, path }) => {
      assertEquals(localModes(master) & (ICANON | ECHO | ISIG), modes);
      await checkRows([
        { call: "open", args: [path, O_RDWR | O_NOCTTY], errno: "EACCES", who: "nobody" },
      ]);
    });
  }
});

Deno.test("a canonical line carries every byte, and newlines only end it early", async () => {
  await withTerminal("canonical", async (link) => {
    using master = await attach(link, "initiator");
    using slave = await attach(link, "peer");
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    const newlines = new Uint8Array(300).fill(0x0a);
    const longest = new Uint8Array(LONGEST_LINE).fill(0x20);
    for (const message of [all, newlines, longest, all]) {
      for (const [from, to] of [[master, slave], [slave, master]] as const) {
        from.outgoing().bytes.set(message);
        from.send(message.length);
        const { bytes } = to.receive(message.length);
        assertEquals(bytes.slice(0, message.length), message);
      }
    }
  });
});
