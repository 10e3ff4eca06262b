/**
 * What `facilities/libc/` says of C, gathered from its sources, and a C file that lets a compiler
 * judge it.
 *
 * @module
 */
import { ARCHITECTURES } from "../../../facilities/libc/arch.ts";
import { ERRNO } from "../../../facilities/libc/errno.ts";
import { RLIMIT } from "../../../facilities/libc/sys_resource.ts";
import { fromFileUrl } from "../../paths.ts";

const FOLDER = fromFileUrl(import.meta.resolve("../../../facilities/libc"));

/** Headers that no file of the folder is named after. */
const MORE_HEADERS = ["stddef.h", "stdio.h", "ctype.h", "dirent.h", "sys/syscall.h", "sys/uio.h"];

/** What C calls that the sources call otherwise; null where C has no word for it. */
const IN_C: Record<string, string | null> = {
  "linux_credentials.ts NOBODY": null,
  "memory.ts PAGE": null,
  "unistd.ts NO_DESCRIPTOR": null,
  "pthread.ts SIZEOF_PTHREAD_COND_T": "sizeof(pthread_cond_t)",
  "sched.ts SET_BYTES": "sizeof(cpu_set_t)",
  "scm_rights.ts MOST_DESCRIPTORS": null,
  "semaphore.ts SHARED_BETWEEN_PROCESSES": null,
  "semaphore.ts SIZEOF_SEM_T": "sizeof(sem_t)",
  "signal.ts SET_BYTES": "sizeof(sigset_t)",
  "signal.ts KERNEL_SET_BYTES": "(_NSIG - 1) / 8",
  "signal.ts SIGRTMAX": "__SIGRTMAX",
  "signal.ts SIGRTMIN": "__SIGRTMIN + 2",
  "signal_action.ts SIG_IGN": "(long) SIG_IGN",
  "signal.ts SIZEOF_SIGINFO": "sizeof(siginfo_t)",
  "signal.ts SI_CODE": "offsetof(siginfo_t, si_code)",
  "signal.ts SI_PID": "offsetof(siginfo_t, si_pid)",
  "signal.ts SI_SIGNO": "offsetof(siginfo_t, si_signo)",
  "signal.ts SI_UID": "offsetof(siginfo_t, si_uid)",
  "signal.ts SI_VALUE": "offsetof(siginfo_t, si_value)",
  "sys_ipc.ts IPC_PERM_CUID": "offsetof(struct msqid_ds, msg_perm.cuid)",
  "sys_ipc.ts IPC_PERM_UID": "offsetof(struct msqid_ds, msg_perm.uid)",
  "sys_mman.ts MAP_FAILED": "(unsigned long) MAP_FAILED",
  "sys_msg.ts TYPE_BYTES": "offsetof(struct msgbuf, mtext)",
  "sys_resource.ts UNLIMITED": "RLIM_INFINITY",
  "sys_shm.ts FAILED": null,
  "sys_socket.ts DROPS": "SK_MEMINFO_DROPS",
  "sys_socket.ts RMEM_ALLOC": "SK_MEMINFO_RMEM_ALLOC",
  "sys_utsname.ts FIELD": "sizeof(((struct utsname *) 0)->sysname)",
  "termios.ts POSIX_VDISABLE": "_POSIX_VDISABLE",
  SIZEOF_PTHREAD_ATTR_T: "sizeof(pthread_attr_t)",
  SIZEOF_PTHREAD_CONDATTR_T: "sizeof(pthread_condattr_t)",
  SIZEOF_PTHREAD_MUTEXATTR_T: "sizeof(pthread_mutexattr_t)",
  SIZEOF_PTHREAD_MUTEX_T: "sizeof(pthread_mutex_t)",
  SIZEOF_SEMID_DS: "sizeof(struct semid_ds)",
  SIZEOF_STAT: "sizeof(struct stat)",
  STAT_MODE: "offsetof(struct stat, st_mode)",
  STAT_SIZE: "offsetof(struct stat, st_size)",
};

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(): Source[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort().map((file) => ({
    file,
    text: Deno.readTextFileSync(`${FOLDER}/${file}`),
  }));
}

/** A figure and the C expression that has to have it. */
interface Claim {
  readonly expression: string;
  readonly value: bigint;
  /** Where it stands. */
  readonly where: string;
}

/** Names of constants that C has no word for, so that nobody checks them. */
export const UNCHECKED = Object.keys(IN_C).filter((name) => IN_C[name] === null);

/** All constants, sizes and offsets for an architecture. */
export function claims(architecture: keyof typeof ARCHITECTURES): Claim[] {
  const all: Claim[] = [];
  const claim = (where: string, name: string, value: bigint | number) => {
    const expression = `${where} ${name}` in IN_C
      ? IN_C[`${where} ${name}`]
      : name in IN_C
      ? IN_C[name]
      : name;
    if (expression) all.push({ expression, value: BigInt(value), where: `${where} ${name}` });
  };
  for (const { file, text } of sources()) {
    for (const [, name = "", number = ""] of text.matchAll(CONSTANT)) {
      claim(file, name, numberOf(number));
    }
    for (const [, type = "", name = "", fields = ""] of text.matchAll(LAYOUT)) {
      for (const [, field = "", number = ""] of fields.matchAll(/(\w+): (\d+)/g)) {
        const expression = field === "size" ? `sizeof(${type})` : `offsetof(${type}, ${field})`;
        all.push({ expression, value: BigInt(number), where: `${file} ${name}.${field}` });
      }
    }
  }
  for (const [name, value] of Object.entries(ERRNO)) claim("errno.ts", name, value);
  for (const [name, value] of Object.entries(RLIMIT)) {
    claim("sys_resource.ts", `RLIMIT_${name}`, value);
  }
  for (const [name, value] of Object.entries(ARCHITECTURES[architecture])) {
    claim("arch.ts", name, value);
  }
  return all;
}

const CONSTANT = /^(?:export )?const ([A-Z][A-Za-z\d_]+) = (-?[\dx_a-f]+n?);/gm;
const LAYOUT = /\/\*\* `(struct \w+)` \*\/\n(?:export )?const (\w+) = \{([^}]*)\}/g;

function numberOf(text: string): bigint {
  const digits = text.replaceAll("_", "").replace(/n$/, "");
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

/** A symbol as the sources declare it. */
export interface Declared {
  readonly file: string;
  /** The C function. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly result: string;
}

const SYMBOL = /(\w+): \{\s*(?:name: "(\w+)",\s*)?parameters: \[([^\]]*)\],\s*result: "(\w+)"/g;

/** All symbols that any file opens. */
export function symbols(): Declared[] {
  return sources().flatMap(({ file, text }) =>
    [...text.replaceAll(/\/\/.*$/gm, "").matchAll(SYMBOL)].map((
      [, key = "", name, parameters = "", result = ""],
    ) => ({
      file,
      name: name ?? key,
      parameters: [...parameters.matchAll(/"(\w+)"/g)].map(([, type = ""]) => type),
      result,
    }))
  );
}

/** How often a `parameters:` stands in the sources, for the test of this very parsing. */
export function declarations(): number {
  return sources().flatMap(({ text }) => [...text.matchAll(/\bparameters: \[/g)]).length;
}

/** The `#include` lines of all headers that the files are about. */
export function includes(): string {
  const named = sources().flatMap(({ text }) =>
    [...(text.split("*/", 1)[0] ?? "").matchAll(/`([\w/]+\.h)`/g)].map(([, header = ""]) => header)
  );
  const headers = [...new Set([...MORE_HEADERS, ...named, "linux/sock_diag.h"])];
  return ["#define _GNU_SOURCE", ...headers.map(include)].join("\n");
}

/** An older C library lacks some, and a missing declaration shows later. */
function include(header: string): string {
  return `#if __has_include(<${header}>)\n#include <${header}>\n#endif`;
}

/** A C file that compiles only where every claim is right. */
export function assertions(all: readonly Claim[]): string {
  return all.map(({ expression, value, where }) => {
    const literal = value < 0n ? `(${value + 1n}LL - 1)` : `${value}ULL`;
    const sides = value < 0n
      ? `(long long) (${expression}) == ${literal}`
      : `(unsigned long long) (${expression}) == ${literal}`;
    return `_Static_assert(${sides}, "${where} is not ${expression}");`;
  }).join("\n");
}

/** The type of C that an FFI type is passed as, by size and sign. */
const BYTES: Record<string, number> = { i32: 4, u32: 4, i64: 8, u64: 8, usize: 8 };

/** Declared narrower on purpose, each explained where it stands. */
const NARROWED = ["sigqueue parameter 3", "memchr result"];

/**
 * Assertions that every symbol's parameters have the widths of its C prototype.
 *
 * @param prototypes what `gcc -aux-info` wrote
 * @returns the C text, and the names of symbols that no header declares
 */
export function widths(
  declared: readonly Declared[],
  prototypes: string,
): { text: string; undeclared: string[] } {
  const known = parsePrototypes(prototypes);
  const lines: string[] = [];
  const undeclared: string[] = [];
  for (const { file, name, parameters, result } of declared) {
    const prototype = known.get(name);
    if (!prototype) {
      undeclared.push(`${file} ${name}`);
      continue;
    }
    const variadic = prototype.parameters.at(-1) === "...";
    const fixed = prototype.parameters.filter((type) => type !== "..." && type !== "void");
    const fits = variadic ? parameters.length >= fixed.length : parameters.length === fixed.length;
    lines.push(`_Static_assert(${fits ? 1 : 0}, "${file} ${name}: number of parameters");`);
    for (const [index, type] of fixed.entries()) {
      const what = `${name} parameter ${index + 1}`;
      const ffi = parameters[index] ?? "";
      if (NARROWED.includes(what)) continue;
      lines.push(assertPassed(type, ffi, `${file} ${what} is ${type}, not ${ffi}`));
    }
    if (result !== "void" && !NARROWED.includes(`${name} result`)) {
      const what = `${file} ${name} result is ${prototype.result}, not ${result}`;
      lines.push(assertReturned(prototype.result, result, what));
    }
  }
  return { text: lines.join("\n"), undeclared };
}

/** Whether a C type is a pointer, or the union of pointers that glibc makes of `sockaddr *`. */
const isAddress = (type: string) => `__builtin_classify_type((${type}){0}) != 1`;

function assertPassed(type: string, ffi: string, what: string): string {
  const fits = ffi === "pointer" || ffi === "buffer"
    ? isAddress(type)
    : `sizeof(${type}) == ${BYTES[ffi]}`;
  return `_Static_assert(${fits}, "${what}");`;
}

/** Only results may be narrowed, and only integers. */
function assertReturned(type: string, ffi: string, what: string): string {
  const fits = ffi === "pointer"
    ? isAddress(type)
    : `sizeof(${type}) >= ${BYTES[ffi]} && (!(${isAddress(type)}) || ${BYTES[ffi]} == 8)`;
  return `_Static_assert(${fits}, "${what}");`;
}

interface Prototype {
  readonly result: string;
  readonly parameters: readonly string[];
}

function parsePrototypes(text: string): Map<string, Prototype> {
  const found = new Map<string, Prototype>();
  const line = /^\/\* \S+:\d+:N[CF] \*\/ extern (.+?)(\w+) \((.*)\);/gm;
  for (const [, result = "", name = "", parameters = ""] of text.matchAll(line)) {
    found.set(name, { result: result.trim(), parameters: splitParameters(parameters) });
  }
  return found;
}

/** Splits at the commas that stand in no parentheses. */
function splitParameters(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
