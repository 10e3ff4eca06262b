/**
 * What a refusal of the kernel says of this machine, and what would help.
 *
 * @module
 */

/** A failed call, as far as it is known: errno's name and the C function. */
export interface FailedCall {
  /** For example `ENOSYS`; `limit` where the suite itself found a limit of this host exceeded. */
  readonly code: string;
  /** For example `mq_open`. */
  readonly call?: string;
}

const SECCOMP = "or allow the call in the container's seccomp profile";
const ADDRESS_FAMILY = "allow the address family (systemd: RestrictAddressFamilies)";

/** Error names that say "not on this machine" rather than "wrong", and what would help. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: `run as a user who may, ${SECCOMP}`,
  EAFNOSUPPORT: ADDRESS_FAMILY,
  EFBIG: "raise the limit on file sizes: ulimit -f",
  EMFILE: "raise the limit on open files: ulimit -n",
  ENAMETOOLONG: "choose a temporary folder with a shorter path: TMPDIR",
  ENETUNREACH: "set up the loopback interface: ip link set lo up",
  ENFILE: "raise the limit on open files of the whole machine: sysctl fs.file-max",
  ENOBUFS: "free kernel memory, or raise the limit of the container",
  ENODEV: "use a file system or a kernel that supports the call",
  ENOLCK: "use a file system that supports locks: TMPDIR",
  ENOMEM: "free memory, or raise the limit of the process (ulimit -v, ulimit -l) or the container",
  ENOSPC: "make room on the file system that it writes to",
  ENOSYS: `use a kernel that has the call, ${SECCOMP}`,
  EOPNOTSUPP: "use a file system or a kernel that supports the call",
  EPERM: `run as a user who may, ${SECCOMP}`,
  EPROTONOSUPPORT: ADDRESS_FAMILY,
  EROFS: "mount the file system that it writes to read-write",
  ESOCKTNOSUPPORT: ADDRESS_FAMILY,
  limit: "raise the limit that it names",
};

const CLEAN = "deno task clean removes what earlier runs left behind";
const SHARED_MEMORY = "make room in /dev/shm: mount -o remount,size=SIZE /dev/shm";
const PROCESSES = "raise the limit on processes: ulimit -u";
const PENDING = "raise the limit on pending signals: ulimit -i";
const LOCKED = "raise the limit on locked memory: ulimit -l";

/** Where a call means something of its own by an error, EAGAIN above all. */
const REMEDIES_OF_CALLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fork: { EAGAIN: PROCESSES },
  mmap: { EAGAIN: LOCKED },
  mq_open: {
    EMFILE: "raise the limit on POSIX message queues (ulimit -q) or on open files (ulimit -n)",
    ENOSPC: `raise sysctl fs.mqueue.queues_max; ${CLEAN}`,
  },
  msgget: { ENOSPC: `raise sysctl kernel.msgmni; ${CLEAN}` },
  posix_fallocate: { ENOSPC: "make room in /dev/shm or in the temporary folder" },
  pthread_create: { EAGAIN: PROCESSES },
  sem_open: { EROFS: "mount /dev/shm read-write", ENOSPC: SHARED_MEMORY },
  semget: { ENOSPC: `raise sysctl kernel.sem; ${CLEAN}` },
  shm_open: { EROFS: "mount /dev/shm read-write", ENOSPC: SHARED_MEMORY },
  shmget: { ENOSPC: `raise sysctl kernel.shmmni or kernel.shmall; ${CLEAN}` },
  sigqueue: { EAGAIN: PENDING },
};

/** Whether the failure is this machine's, its limits' or its user's, whoever made the call. */
export function isObstacle({ code, call }: FailedCall): boolean {
  return remedyFor({ code, call }) !== null;
}

/** What would help, as a clause; null where nothing is known. */
export function remedyFor({ code, call }: FailedCall): string | null {
  return own(own(REMEDIES_OF_CALLS, call), code) ?? own(REMEDIES, code) ?? null;
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key = ""): T | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}
