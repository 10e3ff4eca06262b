/**
 * The kernel's limits on the facilities, each with the place it was read from and the command that
 * raises it.
 *
 * @see {@link https://docs.kernel.org/admin-guide/sysctl/ kernel documentation of sysctl}
 * @module
 */
import type * as v from "valibot";
import type { LimitSchema } from "./facility_schema.ts";
import { SystemCallError } from "./libc/errno.ts";
import { LimitError } from "./limit_error.ts";
import { temporaryFolder } from "./temporary_folder.ts";
import { O_CLOEXEC, O_DIRECTORY, O_RDONLY, open } from "./libc/fcntl.ts";
import { fileSystemOf, tryReadText } from "./libc/files.ts";
import { resourceLimit, RLIMIT } from "./libc/sys_resource.ts";
import { fileSystemSpace } from "./libc/sys_statvfs.ts";
import { close } from "./libc/unistd.ts";

/** One limit of this host. */
export type Limit = v.InferOutput<typeof LimitSchema>;

/** The largest safe integer, which JSON can hold and comparing needs no special case for. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/**
 * Reads field `field` of a file below `/proc/sys`; `fallback` is the kernel's documented default,
 * for where the file is hidden.
 */
function sysctl(name: string, unit: string, fallback: number, field = 0): () => Limit {
  const path = `/proc/sys/${name.replaceAll(".", "/")}`;
  return () => {
    const text = tryReadText(path)?.split(/\s+/)[field];
    const value = text === undefined ? fallback : Math.min(Number(text), UNLIMITED);
    return {
      name,
      value,
      unit,
      source: text === undefined ? `kernel default (${path} cannot be read)` : path,
      raise: `sysctl -w ${name}=VALUE`,
    };
  };
}

/** One of several limits that a file holds and that are written together. */
function sysctlField(
  name: string,
  file: string,
  unit: string,
  fallback: number,
  field: number,
): () => Limit {
  const read = sysctl(file, unit, fallback, field);
  return () => {
    const fields = tryReadText(`/proc/sys/${file.replaceAll(".", "/")}`)?.split(/\s+/) ?? [];
    fields[field] = "VALUE";
    return { ...read(), name, raise: `sysctl -w ${file}="${fields.join(" ")}"` };
  };
}

/** `kernel.sem` holds four limits. */
function semaphore(name: string, unit: string, fallback: number, field: number): () => Limit {
  return sysctlField(name, "kernel.sem", unit, fallback, field);
}

/** `net.ipv4.tcp_wmem` and `tcp_rmem` hold the least, the first and the largest buffer. */
function tcpBuffer(file: "tcp_wmem" | "tcp_rmem", first: number, largest: number) {
  return {
    first: sysctlField(`${file}, at first`, `net.ipv4.${file}`, "bytes", first, 1),
    largest: sysctlField(`${file}, at most`, `net.ipv4.${file}`, "bytes", largest, 2),
  };
}

const tcpSend = tcpBuffer("tcp_wmem", 16_384, 4_194_304);
const tcpReceive = tcpBuffer("tcp_rmem", 131_072, 6_291_456);

/** A resource limit of this process: the soft one, which is in force. */
function rlimit(name: keyof typeof RLIMIT, unit: string): () => Limit {
  return () => ({
    name: `RLIMIT_${name}`,
    value: Math.min(resourceLimit(RLIMIT[name]).soft, UNLIMITED),
    unit,
    source: `getrlimit(RLIMIT_${name})`,
    // The option counts in the same unit as getrlimit; ulimit of the shells does not always.
    raise: `prlimit --pid $$ --${name.toLowerCase()}=VALUE`,
  });
}

/** The file system behind POSIX shared memory and named semaphores; 0 bytes where it is missing. */
function sharedMemoryFolder(name: string, what: "totalBytes" | "freeBytes"): () => Limit {
  return () => {
    let value = 0;
    try {
      value = fileSystemSpace("/dev/shm")[what];
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
    }
    const raise = "mount -o remount,size=VALUE /dev/shm";
    return { name, value, unit: "bytes", source: "statvfs(/dev/shm)", raise };
  };
}

/** The file system that files to map lie on, and what it is; 0 bytes where it cannot be read. */
function temporaryFolderFree(): Limit {
  const path = temporaryFolder();
  const limit = { name: "temporary folder free", unit: "bytes" };
  try {
    const fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const fileSystem = fileSystemOf(fd);
    close(fd);
    const value = Math.min(fileSystemSpace(path).freeBytes, UNLIMITED);
    return { ...limit, value, source: `statvfs(${path}), which lies on ${fileSystem}` };
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return { ...limit, value: 0, source: error.message };
  }
}

/** A constant of the kernel's or the standard's. */
function constant(name: string, value: number, unit: string, source: string): () => Limit {
  return () => ({ name, value, unit, source });
}

/** A message of the UNIX domain must fit into the send buffer with 32 bytes of the kernel's own. */
function unixMaxMessage(): Limit {
  const { value, unit } = limit.socketSendBuffer();
  const source = "unix(7): net.core.wmem_default less 32";
  return { name: "UNIX-domain message", value: value - 32, unit, source };
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
  rlimitMsgqueue: rlimit("MSGQUEUE", "bytes"),
  rlimitSigpending: rlimit("SIGPENDING", "signals"),
  rlimitNofile: rlimit("NOFILE", "descriptors"),
  rlimitMemlock: rlimit("MEMLOCK", "bytes"),
  rlimitAs: rlimit("AS", "bytes"),
  rlimitFsize: rlimit("FSIZE", "bytes"),
  msgmax: sysctl("kernel.msgmax", "bytes", 8_192),
  msgmnb: sysctl("kernel.msgmnb", "bytes", 16_384),
  msgmni: sysctl("kernel.msgmni", "queues", 32_000),
  shmmax: sysctl("kernel.shmmax", "bytes", UNLIMITED),
  shmall: sysctl("kernel.shmall", "pages", UNLIMITED),
  shmmni: sysctl("kernel.shmmni", "segments", 4_096),
  semmsl: semaphore("SEMMSL", "semaphores a set", 32_000, 0),
  semmns: semaphore("SEMMNS", "semaphores", 1_024_000_000, 1),
  semopm: semaphore("SEMOPM", "operations a call", 500, 2),
  semmni: semaphore("SEMMNI", "sets", 32_000, 3),
  semValueMax: constant("SEM_VALUE_MAX", 2_147_483_647, "count", "limits.h"),
  eventfdPayload: constant("eventfd message", 7, "bytes", "eventfd(2): 8 bytes less the top one"),
  semvmx: constant("SEMVMX", 32_767, "count", "linux/sem.h"),
  socketSendBuffer: sysctl("net.core.wmem_default", "bytes", 212_992),
  socketSendBufferMax: sysctl("net.core.wmem_max", "bytes", 212_992),
  socketReceiveBuffer: sysctl("net.core.rmem_default", "bytes", 212_992),
  socketReceiveBufferMax: sysctl("net.core.rmem_max", "bytes", 212_992),
  tcpSendBuffer: tcpSend.first,
  tcpSendBufferMax: tcpSend.largest,
  tcpReceiveBuffer: tcpReceive.first,
  tcpReceiveBufferMax: tcpReceive.largest,
  unixMaxMessage,
  unixMaxDgramQlen: sysctl("net.unix.max_dgram_qlen", "datagrams", 10),
  udpMaxDatagram: constant("UDP payload", 65_507, "bytes", "udp(7): 65,535 less both headers"),
  shmFolderSize: sharedMemoryFolder("/dev/shm size", "totalBytes"),
  shmFolderFree: sharedMemoryFolder("/dev/shm free", "freeBytes"),
  temporaryFolderFree,
  ptyMax: sysctl("kernel.pty.max", "terminals", 4_096),
  canonicalLine: constant("N_TTY_BUF_SIZE", 4_096, "bytes", "termios(3): canonical mode"),
  realtimeSignalPayload: constant("sigval", 4, "bytes", "sigqueue(3): an int or a pointer"),
} as const satisfies Record<string, () => Limit>;

/** All of them as they are now, by their names. */
export function readLimits(): Record<string, Limit> {
  const limits = Object.values(limit).map((read) => read());
  return Object.fromEntries(limits.map((one) => [one.name, one]));
}

/** The command that raises a limit to `value`, or null where there is none. */
export function raiseTo(limit: Limit, value: number): string | null {
  return limit.raise?.replace("VALUE", `${value}`) ?? null;
}

/** @throws {LimitError} naming the limit where `amount` is more than it allows */
export function assertWithin(limit: Limit, amount: number): void {
  if (amount <= limit.value) return;
  throw new LimitError(`it takes ${amount} ${limit.unit ?? ""}; ${describeLimit(limit)}`);
}

/** What a reader is told of a limit: `/proc/sys/kernel/msgmax = 8192 bytes`. */
export function describeLimit({ source, value, unit }: Limit): string {
  if (value >= UNLIMITED) return `${source} = unlimited`;
  return `${source} = ${value}${unit ? ` ${unit}` : ""}`;
}
