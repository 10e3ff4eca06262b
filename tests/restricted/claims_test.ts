import { assert, assertEquals, assertMatch } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import type { ClaimsDocument } from "../../cli/claims.ts";
import { WITHOUT_NAMESPACES } from "../namespaces.ts";
import { fromFileUrl } from "../paths.ts";

const REPOSITORY = fromFileUrl(import.meta.resolve("../../"));
const here = (name: string) => fromFileUrl(import.meta.resolve(`./${name}`));

const CLAIMS = [
  ...["run", "--quiet", "--no-prompt", "--allow-ffi", "--allow-run", "--allow-read"],
  ...["cli/main.ts", "claims", "--claim", "persistence,pollable,accessibility"],
  ...["--facility", "fifo,posix-message-queue,sysv-message-queue,posix-shared-memory"],
  ...["--json", "-"],
];

/** Under these the machine keeps some statements from being tried, and contradicts none. */
interface Trouble {
  readonly what: string;
  /** The words before Deno. */
  readonly prefix: readonly string[];
  /** The reasons of the pairs of claim and facility that are unknown. */
  readonly unknown: readonly { readonly of: RegExp; readonly reason: RegExp }[];
  readonly needsNamespaces?: true;
}

const refusing = (family: string) => [
  ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-ffi", "--allow-run"],
  ...[here("without_calls.ts"), family],
];
const shell = (line: string) => ["sh", "-c", `${line}; exec "$@"`, "sh"];
const sharedMemory = (options: string) => [
  ...["unshare", "--mount"],
  ...shell(`mount -t tmpfs -o ${options} none /dev/shm`),
];

const TROUBLES: readonly Trouble[] = [
  {
    what: "a kernel without POSIX message queues",
    prefix: refusing("mq"),
    unknown: [{ of: / posix-message-queue$/, reason: /^mq_open .*ENOSYS; use a kernel that has/ }],
  },
  {
    what: "no right to System V message queues",
    prefix: refusing("msg"),
    unknown: [{ of: / sysv-message-queue$/, reason: /^msgget .*EPERM; run as a user who may/ }],
  },
  {
    what: "no bytes for message queues",
    prefix: ["prlimit", "--msgqueue=0"],
    unknown: [{ of: / posix-message-queue$/, reason: /^mq_open .*EMFILE; .*ulimit -q/ }],
  },
  {
    what: "40 descriptors",
    prefix: ["prlimit", "--nofile=40"],
    unknown: [{ of: / /, reason: /EMFILE; raise the limit on open files: ulimit -n/ }],
  },
  {
    what: "a /dev/shm that is read-only",
    prefix: sharedMemory("ro"),
    unknown: [{ of: / posix-shared-memory$/, reason: /^shm_open .*EROFS; mount \/dev\/shm read/ }],
    needsNamespaces: true,
  },
  {
    what: "a /dev/shm without room",
    prefix: sharedMemory("size=4k,nr_inodes=1"),
    unknown: [{
      of: / posix-shared-memory$/,
      reason: /^shm_open .*ENOSPC; make room in \/dev\/shm/,
    }],
    needsNamespaces: true,
  },
  {
    what: "root without the right to become another user",
    prefix: ["setpriv", "--bounding-set", "-setuid,-setgid", "--inh-caps", "-setuid,-setgid"],
    unknown: [{ of: /^accessibility /, reason: /^set\w+ .*EPERM; run as a user who may/ }],
    needsNamespaces: true,
  },
];

for (const { what, prefix, unknown, needsNamespaces = false } of TROUBLES) {
  Deno.test({
    name: `claims: with ${what}, what cannot be tried is unknown and nothing fails`,
    ignore: needsNamespaces && WITHOUT_NAMESPACES !== null,
    async fn() {
      const [program, ...args] = [...prefix, Deno.execPath(), ...CLAIMS];
      const { code, stdout, stderr } = await new Deno.Command(program!, {
        args,
        cwd: REPOSITORY,
        stdin: "null",
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals(code, 3, err);
      const { claims }: ClaimsDocument = JSON.parse(out!);
      assertEquals(claims.length, 12);
      for (const { id, facility, verdict, observed, reason } of claims) {
        const pair = `${id} ${facility}`;
        const expected = unknown.find(({ of }) => of.test(pair));
        // Only root can try it at all.
        if (id === "accessibility" && !expected && verdict === "unknown") continue;
        assertEquals(verdict, expected ? "unknown" : "holds", `${pair}: ${observed}, ${reason}`);
        if (expected) assertMatch(reason!, expected.reason);
      }
      const text = stripAnsiCode(err!);
      assertMatch(text, /\d+ hold, 0 fail, \d+ unknown, 0 not applicable\n$/);
      assert(!text.includes("✗"), text);
    },
  });
}
