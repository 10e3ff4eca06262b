/** @module */
import { POLLIN } from "../../../facilities/libc/poll.ts";
import { SIGINT } from "../../../facilities/libc/signal.ts";
import { type Claim, Evidence } from "../claim.ts";
import { arrived } from "./arrived.ts";

const INTERRUPT = "\x03";
const ERASE = "\x7f";

export const pseudoterminal: Claim = {
  id: "pseudoterminal",
  statement: "In a pseudoterminal a line discipline stands in between: it echoes, lets lines be " +
    "edited, makes signals of characters, until it is told not to.",
  section: "43.2",
  experimentTitle:
    "typed at the master: echo, lines, erase, ^C for SIGINT; and none of it when raw",
  inapplicable: ({ id }) => id === "pseudoterminal" ? null : "it is no terminal",
  async experiment(_facility, context) {
    const { initiator, peer, initiatorHandles, peerHandles } = await context.pair("channel");
    const [master = -1, slave = -1] = [initiatorHandles?.[0], peerHandles?.[0]];
    const type = (text: string) => initiator.order("write", master, text);
    const echo = async (bytes: number) => {
      await arrived(initiator, master, bytes);
      return shown(await initiator.order("read", master, 64));
    };
    peer.spent = true; // it is going to have a terminal
    await peer.order("takeTerminal", slave);
    await peer.order("setCooked", slave);

    const evidence = new Evidence();
    await type("ab");
    evidence
      .expect("echo of half a line", "ab", await echo(2))
      .expect("poll of it at the slave", 0, await peer.order("poll", slave, POLLIN, 0));
    await type(`${ERASE}c\n`);
    evidence
      .expect("echo of an erased character and the rest", "\\b \\bc\\r\\n", await echo(6))
      .expect("line read at the slave", "ac\\n", shown(await peer.order("read", slave, 64)));
    await type(INTERRUPT);
    await peer.order("awaitSignal", SIGINT); // or the deadline tells that there was none
    evidence.expect("^C, to the process in the foreground", "SIGINT", "SIGINT");

    await peer.order("setRaw", slave);
    await type(`d${ERASE}${INTERRUPT}`);
    await arrived(peer, slave, 3);
    evidence.expect(
      "the same characters when raw",
      "dDEL^C",
      shown(await peer.order("read", slave, 64)),
    );
    const signals = await peer.order("takePending");
    return evidence
      .expect("signals of it", 0, signals.filter(({ signal }) => signal === SIGINT).length)
      .finding();
  },
};

const ESCAPES: Record<string, string> = {
  "\b": "\\b",
  "\r": "\\r",
  "\n": "\\n",
  [INTERRUPT]: "^C",
  [ERASE]: "DEL",
};

/** Control characters by name. */
function shown(text: string): string {
  return Array.from(text, (character) => ESCAPES[character] ?? character).join("");
}
