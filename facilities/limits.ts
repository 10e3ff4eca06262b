/**
 * The kernel's limits on the facilities, each with the place it was read from and the command that
 * raises it.
 *
 * @see {@link https://docs.kernel.org/admin-guide/sysctl/ kernel documentation of sysctl}
 * @module
 */
import { tryReadText } from "./libc/files.ts";
import { resourceLimit, RLIMIT } from "./libc/sys_resource.ts";

/** One limit of this host. */
export interface Limit {
  readonly name: string;
  /** `Infinity` is given as the largest safe integer, which JSON can hold. */
  readonly value: number;
  readonly unit?: string;
  /** The file, call or header it was read from. */
  readonly source: string;
  /** The command that raises it, where there is one. */
  readonly raise?: string;
}

/**
 * Reads field `field` of a file below `/proc/sys`; `fallback` is the kernel's documented default,
 * for where the file is hidden.
 */
function sysctl(name: string, unit: string, fallback: number, field = 0): () => Limit {
  const path = `/proc/sys/${name.replaceAll(".", "/")}`;
  return () => {
    const text = tryReadText(path)?.split(/\s+/)[field];
    const value = text === undefined ? fallback : Math.min(Number(text), Number.MAX_SAFE_INTEGER);
    return {
      name,
      value,
      unit,
      source: text === undefined ? `kernel default (${path} cannot be read)` : path,
      raise: `sysctl -w ${name}=VALUE`,
    };
  };
}

/** A resource limit of this process: the soft one, which is in force. */
function rlimit(name: keyof typeof RLIMIT, unit: string, ulimit: string): () => Limit {
  return () => ({
    name: `RLIMIT_${name}`,
    value: Math.min(resourceLimit(RLIMIT[name]).soft, Number.MAX_SAFE_INTEGER),
    unit,
    source: `getrlimit(RLIMIT_${name})`,
    raise: `ulimit ${ulimit} VALUE`,
  });
}

/** A constant of the kernel's or the standard's. */
function constant(name: string, value: number, unit: string, source: string): () => Limit {
  return () => ({ name, value, unit, source });
}

/** Every limit that a facility of the suite can meet. */
export const limit = {
  pipeCapacity: constant("pipe capacity", 65_536, "bytes", "pipe(7): 16 pages; F_GETPIPE_SZ"),
  pipeBuf: constant("PIPE_BUF", 4_096, "bytes", "linux/limits.h"),
  pipeMaxSize: sysctl("fs.pipe-max-size", "bytes", 1_048_576),
  pipeUserPagesSoft: sysctl("fs.pipe-user-pages-soft", "pages", 16_384),
  mqueueMsgMax: sysctl("fs.mqueue.msg_max", "messages", 10),
  mqueueMsgsizeMax: sysctl("fs.mqueue.msgsize_max", "bytes", 8_192),
  mqueueQueuesMax: sysctl("fs.mqueue.queues_max", "queues", 256),
  rlimitMsgqueue: rlimit("MSGQUEUE", "bytes", "-q"),
  rlimitSigpending: rlimit("SIGPENDING", "signals", "-i"),
  rlimitNofile: rlimit("NOFILE", "descriptors", "-n"),
  rlimitMemlock: rlimit("MEMLOCK", "bytes", "-l"),
  msgmax: sysctl("kernel.msgmax", "bytes", 8_192),
  msgmnb: sysctl("kernel.msgmnb", "bytes", 16_384),
  msgmni: sysctl("kernel.msgmni", "queues", 32_000),
  shmmax: sysctl("kernel.shmmax", "bytes", 2 ** 53 - 1),
  shmall: sysctl("kernel.shmall", "pages", 2 ** 53 - 1),
  shmmni: sysctl("kernel.shmmni", "segments", 4_096),
  semmsl: sysctl("kernel.sem", "semaphores a set", 32_000, 0),
  semmns: sysctl("kernel.sem", "semaphores", 1_024_000_000, 1),
  semopm: sysctl("kernel.sem", "operations a call", 500, 2),
  semmni: sysctl("kernel.sem", "sets", 32_000, 3),
  semvmx: constant("SEMVMX", 32_767, "count", "linux/sem.h"),
  socketSendBuffer: sysctl("net.core.wmem_default", "bytes", 212_992),
  socketSendBufferMax: sysctl("net.core.wmem_max", "bytes", 212_992),
  socketReceiveBuffer: sysctl("net.core.rmem_default", "bytes", 212_992),
  socketReceiveBufferMax: sysctl("net.core.rmem_max", "bytes", 212_992),
  unixMaxDgramQlen: sysctl("net.unix.max_dgram_qlen", "datagrams", 10),
  udpMaxDatagram: constant("UDP payload", 65_507, "bytes", "udp(7): 65,535 less both headers"),
  ptyMax: sysctl("kernel.pty.max", "terminals", 4_096),
  canonicalLine: constant("N_TTY_BUF_SIZE", 4_096, "bytes", "termios(3): canonical mode"),
  realtimeSignalPayload: constant("sigval", 4, "bytes", "sigqueue(3): an int or a pointer"),
} as const satisfies Record<string, () => Limit>;
