import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { SIGUSR1 } from "../../../facilities/libc/signal.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { Awake, ProcessParticipant } from "../../../workloads/claims/crew.ts";
import { Refusal } from "../../../workloads/claims/refusal.ts";
import { sleepOf } from "../../../workloads/claims/sleep.ts";
import { isAsleep } from "../../../workloads/claims/uses.ts";

// A dynamic library that a test opens counts as a leak of that test.
await Promise.all(LEAVES.map(({ load }) => load()));

/** Runs a test with participants; all of them and their folder are gone afterwards. */
async function withCrew(
  count: number,
  act: (participants: ProcessParticipant[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-crew-" });
  const names = Array.from({ length: count }, (_, index) => `participant ${index}`);
  const participants = names.map((name, index) =>
    new ProcessParticipant(name, `${folder}/mailbox-${index}`)
  );
  try {
    await Promise.all(participants.map((each) => each.order("openMailbox", each.mailbox)));
    await act(participants, folder);
  } finally {
    await Promise.all(participants.map((each) => each.kill()));
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes a pipe of the facility's, and attaches to its end. */
async function attach(owner: ProcessParticipant, folder: string) {
  const made = await owner.order("create", {
    facility: "pipe",
    capability: "channel",
    maxBytes: 64,
    participants: "process",
    count: 2,
    folder: `${folder}/scope`,
    floor: 100,
  });
  const handles = await owner.order("attach", "pipe", "channel", made.link, "solo");
  return { ...made, handles: handles! };
}

Deno.test("an idle participant sleeps in no call of its own, a reader in its read", () =>
  withCrew(1, async ([one], folder) => {
    await attach(one!, folder);
    assertEquals(sleepOf(one!.pid, one!.pid), null);
    const { call, on } = await one!.asleep(one!.order("receive", 1));
    assertEquals(call, "read");
    assertMatch(on, /^pipe:\[\d+\]$/);
  }));

Deno.test("an order that is carried out is no sleep, and one that fails says why", () =>
  withCrew(1, async ([one], folder) => {
    await attach(one!, folder);
    const sent = one!.order("send", "x");
    assertMatch((await assertRejects(() => one!.asleep(sent), Awake)).message, /instead of sleep/);
    assertEquals(await isAsleep(one!, one!.order("receive", 1)), false);
    const wrong = one!.order("read", 9999, 1);
    assertEquals((await assertRejects(() => isAsleep(one!, wrong), Refusal)).code, "EBADF");
  }));

Deno.test("what a dead participant was ordered to do, or is now, is refused", () =>
  withCrew(1, async ([one], folder) => {
    await attach(one!, folder);
    const pending = one!.order("receive", 1);
    await one!.asleep(pending);
    await one!.kill();
    assertEquals((await assertRejects(() => pending, Refusal)).code, "ended");
    await assertRejects(() => one!.order("identity"), Refusal, "has ended");
  }));

Deno.test("descriptors are handed over under the numbers they have, and stand for the same", () =>
  withCrew(2, async ([one, two], folder) => {
    const { descriptors, link } = await attach(one!, folder);
    assertEquals(descriptors.length, 4);
    await one!.order("handOver", two!.mailbox, descriptors);
    await two!.order("takeOver", descriptors);
    for (const fd of descriptors) {
      assertEquals(await two!.order("behind", fd), await one!.order("behind", fd));
    }
    await two!.order("attach", "pipe", "channel", link, "peer");
    await one!.order("send", "handed over");
    assertEquals(await two!.order("receive", 11), "handed over");
  }));

Deno.test("a participant that was reset holds nothing of the experiment", () =>
  withCrew(1, async ([one], folder) => {
    const { descriptors } = await attach(one!, folder);
    await one!.order("sendSignal", one!.pid, SIGUSR1);
    await one!.reset();
    const open = await one!.order("listDescriptors");
    assertEquals(descriptors.filter((fd) => open.includes(fd)), []);
    assertEquals(await one!.order("takePending"), []);
    await assertRejects(() => one!.order("send", "x"), Refusal, "none is attached");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["mailbox-0"]);
  }));

Deno.test("signals wait for a participant, and do not end it", () =>
  withCrew(1, async ([one]) => {
    await one!.order("sendSignal", one!.pid, SIGUSR1);
    assertEquals((await one!.order("takePending")).map(({ signal }) => signal), [SIGUSR1]);
  }));

Deno.test("threads of a participant take orders of their own, and sleep by themselves", () =>
  withCrew(1, async ([one], folder) => {
    const { link } = await attach(one!, folder);
    const thread = await one!.thread("reader");
    const [mine, its] = [await one!.order("identity"), await thread.order("identity")];
    assertEquals(its.process, mine.process);
    assertNotEquals(its.thread, mine.thread);
    await thread.order("attach", "pipe", "channel", link, "peer");
    const pending = thread.order("receive", 4);
    assertEquals((await thread.asleep(pending)).call, "read");
    await one!.order("send", "wake");
    assertEquals(await pending, "wake");
  }));
