/**
 * The transfer test of a channel: many messages of changing sizes from one participant to the other
 * and back, every byte compared, and nothing left behind.
 *
 * The two participants run outside of the test's own process, which can then end them when one of
 * them hangs.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { amount } from "../extent.ts";
import type { Participants } from "../../facilities/facility.ts";
import { removeScopes } from "../../facilities/scope.ts";
import { blockSignals, FACILITY_SIGNALS } from "../../facilities/libc/signal.ts";

export interface Transfer {
  facility: string;
  variant?: string;
  wait?: string;
  participants: Participants;
  /** Sizes are spread log-uniformly between 1 byte and this. */
  maxBytes: number;
  /** Messages to the peer; a tenth as many come back. */
  messages: number;
  /** After that so many go to and fro in turns, in each of several sizes. */
  turns?: number;
}

/** What became of the messages, both directions together. */
export interface Outcome {
  intact: number;
  lost: number;
  /** The first message whose bytes were not those sent. */
  wrong: string | null;
  /** Descriptors and kernel objects that were there afterwards, but not before. */
  left: string[];
}

const DEADLINE_MS = 120_000;

/** The largest messages of the turns, as parts of `maxBytes`: each is prepared for anew. */
export const TURN_SIZES = [1, 1 / 7, 1 / 2];

/** Runs one transfer in processes of its own. */
export async function transfer(plan: Transfer): Promise<Outcome> {
  // Inherited, so that every thread of the participants has them blocked.
  blockSignals(FACILITY_SIGNALS);
  const folder = Deno.makeTempDirSync({ prefix: "ipc-taxonomy-transfer-" });
  const host = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-ffi",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--no-prompt",
      new URL("transfer_host.ts", import.meta.url).pathname,
      JSON.stringify(plan),
      `${folder}/scope`,
    ],
    // The runtime's look for a newer version opens sockets of its own.
    env: { DENO_NO_UPDATE_CHECK: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const deadline = setTimeout(() => host.kill("SIGKILL"), DEADLINE_MS);
  const { success, stdout, stderr } = await host.output();
  clearTimeout(deadline);
  removeScopes(folder); // of a host that was killed
  const decoder = new TextDecoder();
  if (!success) throw new Error(`the transfer did not end well: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}

/** Registers the transfer tests of a channel: between processes and between threads. */
export function testTransfer(
  plan: Omit<Transfer, "participants" | "messages"> & { messages?: number },
  kinds: readonly Participants[] = ["process", "thread"],
): void {
  for (const participants of kinds) {
    const what = [plan.facility, plan.variant, plan.wait, participants].filter(Boolean).join(" ");
    Deno.test(`${what}: up to ${plan.maxBytes} bytes arrive as they were sent`, async () => {
      const { messages = amount(5_000, 100_000), turns = 0 } = plan;
      assertEquals(await transfer({ ...plan, messages, participants }), {
        intact: messages + Math.floor(messages / 10) + 2 * turns * TURN_SIZES.length,
        lost: 0,
        wrong: null,
        left: [],
      });
    });
  }
}
