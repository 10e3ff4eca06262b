/**
 * A pseudoterminal: a pair of devices, of which one behaves like a terminal. What is written to the
 * master arrives at the slave as if it were typed, and the line discipline stands in between.
 *
 * In the variant `raw` the discipline is told to let everything pass, and the pair is a byte stream
 * in both directions. It holds about 4 KiB; a writer of more sleeps until the reader has taken some.
 *
 * In the variant `canonical` the slave's reader gets one line a read. A message is its bytes and a
 * newline. All control characters are off, so any byte can be carried: a message that contains
 * newlines is simply read in several lines. Up to 4,096 bytes fit in a line, newline included, and
 * the kernel drops the rest of a longer one in silence; hence the largest message. Output of the slave
 * is not cut into lines; on that way the newline is a byte like any other.
 *
 * The link is the slave's pathname. The slave stays open as long as the facility exists, because the
 * kernel resets its modes when it is opened anew after the last close, and a master whose slave was
 * closed reads EIO.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/pty.7.html pty(7)}
 * @module
 */
import { created } from "../../created.ts";
import type { Channel, Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
import { type Limit, limit } from "../../limits.ts";
import { O_CLOEXEC, O_NOCTTY, O_RDWR, open } from "../../libc/fcntl.ts";
import { grantpt, posixOpenpt, ptsname, unlockpt } from "../../libc/stdlib.ts";
import { fchmod } from "../../libc/sys_stat.ts";
import { setLineByLine, setRaw } from "../../libc/termios.ts";
import { close } from "../../libc/unistd.ts";
import { StreamChannel } from "../byte_stream/stream.ts";
import { LineChannel } from "./lines.ts";

const FLAGS = O_RDWR | O_NOCTTY | O_CLOEXEC;

interface TerminalLink extends Link {
  /** The initiator's master. */
  master: number;
  /** The slave's pathname. */
  path: string;
  canonical: boolean;
  maxBytes: number;
}

function create({ variant, maxBytes }: CreateOptions): Created {
  using undo = new DisposableStack();
  // Inherited, since whoever takes the initiator's end may be another process than this one.
  const master = undo.adopt(posixOpenpt(O_RDWR | O_NOCTTY), close);
  grantpt(master);
  unlockpt(master);
  const path = ptsname(master);
  const slave = undo.adopt(open(path, FLAGS), close);
  fchmod(slave, 0o600);
  const canonical = variant === "canonical";
  (canonical ? setLineByLine : setRaw)(slave);
  return created({ master, path, canonical, maxBytes } satisfies TerminalLink, undo);
}

function attach({ master, path, canonical, maxBytes }: TerminalLink, role: Role): Channel {
  using undo = new DisposableStack();
  const readEnd = role === "initiator" ? master : undo.adopt(open(path, FLAGS), close);
  const writeEnd = role === "peer" ? readEnd : master;
  return new (canonical ? LineChannel : StreamChannel)(readEnd, writeEnd, maxBytes, undo.move());
}

function largestMessage(variant?: string): Limit | undefined {
  if (variant !== "canonical") return undefined;
  const { name, value, unit, source } = limit.canonicalLine();
  return { name: `${name} less the newline`, value: value - 1, unit, source };
}

export const facility: Facility = {
  id: "pseudoterminal",
  title: "Pseudoterminal",
  summary: "A byte stream through a terminal's line discipline.",
  origin: { family: "BSD", source: "4.2BSD (1983); POSIX.1-2001 posix_openpt()" },
  semantics: {
    boundaries: "stream",
    identifier: "pathname",
    handle: "descriptor",
    accessibility: "permission-mask",
    persistence: "process",
    pollable: true,
    order: "sending",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: false,
  },
  variants: [
    { id: "raw", summary: "The line discipline lets every byte pass as it is." },
    { id: "canonical", summary: "The line discipline hands out a line a read." },
  ],
  limits: () => [limit.ptyMax(), limit.canonicalLine()],
  channel: { create, attach, largestMessage },
};
