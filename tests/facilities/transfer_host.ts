/**
 * Runs one transfer test: creates the channel, starts the peer, is the initiator, and looks at what
 * is left. Prints the outcome as JSON.
 *
 * @module
 */
import { removeScope, Scope } from "../../facilities/scope.ts";
import { loadFacility } from "../../facilities/taxonomy.ts";
import { openDescriptors } from "../descriptors.ts";
import type { Outcome, Transfer } from "./transfer.ts";
import type { Task } from "./transfer_peer.ts";
import { takePart, type Tally } from "./transfer_sides.ts";

const decoder = new TextDecoder();
const PEER = new URL("transfer_peer.ts", import.meta.url);

async function host(plan: Transfer, folder: string): Promise<Outcome> {
  const { participants, variant, wait, maxBytes } = plan;
  const { channel } = await loadFacility(plan.facility);
  const peer = await (participants === "process" ? processPeer() : threadPeer());
  const scope = new Scope(folder);

  // The runtime opens descriptors of its own whenever its event loop turns, which it does in start().
  const before = openKernelObjects();
  const created = await channel!.create({ participants, count: 2, variant, wait, maxBytes, scope });
  const own = openKernelObjects().filter((object) => !before.includes(object));
  const tally = await peer.start({ plan, link: created.link });
  const others = openKernelObjects().filter((object) => !own.includes(object));

  const end = await channel!.attach(created.link, "initiator");
  const back = takePart(end, true, plan);
  end[Symbol.dispose]();
  const left = openBesides([...own, ...others]);
  const forth = await tally.promise;
  created[Symbol.dispose]();
  left.push(...openKernelObjects().filter((object) => own.includes(object)));
  left.push(...removeScope(scope.folder));
  scope[Symbol.dispose]();

  peer.end();
  return {
    intact: forth.intact + back.intact,
    lost: forth.lost + back.lost,
    wrong: forth.wrong ?? back.wrong,
    left,
  };
}

/** What is open besides the expected; looks a while, as the peer's thread may still be closing. */
function openBesides(expected: string[]): string[] {
  for (let look = 0;; look++) {
    const extra = openKernelObjects().filter((object) => !expected.includes(object));
    if (extra.length === 0 || look === 1_000) return extra;
  }
}

/** Descriptors and what they stand for, without regular files: the runtime opens some as it likes. */
function openKernelObjects(): string[] {
  return openDescriptors().filter(({ target }) => !/^\/(?!dev\/|memfd:)/.test(target))
    .map(({ fd, target }) => `${fd} ${target}`);
}

/** The other participant. */
interface Peer {
  /** Resolves when this thread may block: the peer needs nothing more of it. */
  start(task: Task): Promise<{ promise: Promise<Tally> }>;
  end(): void;
}

function processPeer(): Peer {
  return {
    start(task) {
      const process = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--allow-ffi",
          "--no-prompt",
          PEER.pathname,
          JSON.stringify(task),
          `${Deno.pid}`,
        ],
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      const tally = process.output().then(({ stdout }) => JSON.parse(decoder.decode(stdout)));
      return Promise.resolve({ promise: tally });
    },
    end() {},
  };
}

/** The worker is there before the descriptors are counted, as it has some of its own. */
async function threadPeer(): Promise<Peer> {
  const worker = new Worker(PEER, { type: "module" });
  const reply = () =>
    new Promise<unknown>((resolve) => worker.onmessage = ({ data }) => resolve(data));
  await reply();
  return {
    async start(task) {
      worker.postMessage(task);
      await reply();
      return { promise: reply() as Promise<Tally> };
    },
    end: () => worker.terminate(),
  };
}

console.log(JSON.stringify(await host(JSON.parse(Deno.args[0]!), Deno.args[1]!)));
