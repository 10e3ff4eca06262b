// @gate alone

import { assert, assertEquals, assertMatch } from "@std/assert";
import { O_DIRECTORY, O_RDONLY, O_RDWR } from "../../facilities/libc/fcntl.ts";
import { tryListFolder, tryReadText } from "../../facilities/libc/files.ts";
import { SIGKILL } from "../../facilities/libc/signal.ts";
import { msgget } from "../../facilities/libc/sys_msg.ts";
import { semget } from "../../facilities/libc/sys_sem.ts";
import { shmget } from "../../facilities/libc/sys_shm.ts";
import {
  AF_INET,
  AF_UNIX,
  sendBytes,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
} from "../../facilities/libc/sys_socket.ts";
import { close, readlink } from "../../facilities/libc/unistd.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { end, start } from "../cli/command.ts";
import { CAN_BECOME_NOBODY } from "../facilities/rows.ts";
import { participantsOf } from "../leftovers.ts";
import { type Attack, Stranger } from "./stranger.ts";

const FACILITIES = [
  ...["unix-stream", "tcp", "udp", "fifo", "posix-message-queue", "sysv-message-queue"],
  ...["posix-shared-memory", "sysv-shared-memory", "posix-named-semaphore", "sysv-semaphore"],
];

/** A stranger was told that he may not. */
const REFUSED = ["EACCES", "EPERM"];
/** What he wanted had just gone: trials are short. */
const GONE = ["ENOENT", "EINVAL", "EIDRM", "ESRCH", "ECONNREFUSED", "ECONNRESET"];

/** One thing of the run, by the kind under which what became of the attacks is counted. */
type Target = readonly [kind: string, ...attacks: Attack[]];

const attack = (call: Attack["call"], ...args: Attack["args"]): Attack => ({ call, args });

/** The number of a System V object; null where it has just gone. */
function idOf(get: () => number): number | null {
  try {
    return get();
  } catch {
    return null;
  }
}

/** What a line of a journal names, and what a stranger who knows its name could try. */
function targetOf(line: string): Target | null {
  const [kind = "", name = ""] = line.split(" ");
  const key = Number(name);
  switch (kind) {
    case "shm":
      return [kind, attack("shm_open", name, O_RDWR), attack("shm_unlink", name)];
    case "sem":
      return [kind, attack("sem_open", name, 0), attack("sem_unlink", name)];
    case "mq":
      return [kind, attack("mq_open", name, O_RDWR), attack("mq_unlink", name)];
    case "msg": {
      const id = idOf(() => msgget(key));
      if (id === null) return null;
      const byId = [attack("msgctl_IPC_STAT", id), attack("msgctl_IPC_RMID", id)];
      return [kind, attack("msgget", key, 0o600), ...byId];
    }
    case "sysv-sem": {
      const id = idOf(() => semget(key, 0, 0));
      if (id === null) return null;
      const byId = [attack("semctl_SETVAL", id, 0, 7), attack("semctl_IPC_RMID", id)];
      return [kind, attack("semget", key, 0, 0o600), ...byId];
    }
    case "sysv-shm": {
      const id = idOf(() => shmget(key));
      if (id === null) return null;
      const byId = [attack("shmat", id), attack("shmctl_IPC_RMID", id)];
      return [kind, attack("shmget", key, 0, 0o600), ...byId];
    }
  }
  return null;
}

/** Everything of the run that has a name or a number now. */
function targetsOf(temporary: string, processes: readonly number[], unix: number): Target[] {
  const found: Target[] = [];
  for (const run of tryListFolder(temporary).map((name) => `${temporary}/${name}`)) {
    found.push(["folder", attack("open", run, O_RDONLY | O_DIRECTORY)]);
    for (const trial of tryListFolder(run).map((name) => `${run}/${name}`)) {
      found.push(["journal", attack("open", `${trial}/journal`, O_RDONLY)]);
      for (const line of (tryReadText(`${trial}/journal`) ?? "").split("\n")) {
        const target = targetOf(line);
        if (target) found.push(target);
      }
      for (const name of tryListFolder(trial).filter((name) => name !== "journal")) {
        const path = `${trial}/${name}`;
        const kind = name.split("-")[0]!;
        const connect = kind === "socket" ? [attack("connect_unix", unix, path)] : [];
        found.push([kind, attack("open", path, O_RDWR), ...connect]);
      }
    }
  }
  for (const pid of processes) {
    found.push(["process", attack("kill", pid, SIGKILL), attack("sigqueue", pid, SIGKILL)]);
    const inside = ["mem", "environ", "fd/0", "cwd/deno.json"].map((name) =>
      `/proc/${pid}/${name}`
    );
    found.push(["process", ...inside.map((path) => attack("open", path, O_RDONLY))]);
  }
  return found;
}

/** Ports of 127.0.0.1 that belong to sockets of the processes, by protocol. */
function portsOf(processes: readonly number[], protocol: "tcp" | "udp"): number[] {
  const inodes = new Set(processes.flatMap((pid) =>
    tryListFolder(`/proc/${pid}/fd`).map((fd) => {
      const target = linkOf(`/proc/${pid}/fd/${fd}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "";
    })
  ));
  const LISTENS = "0A";
  return (tryReadText(`/proc/net/${protocol}`) ?? "").split("\n").slice(1).flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const open = protocol === "udp" || state === LISTENS;
    return open && inodes.has(inode) ? [parseInt(local.split(":")[1]!, 16)] : [];
  });
}

function linkOf(path: string): string {
  try {
    return readlink(path);
  } catch {
    return "";
  }
}

/** Whether there was somebody to send to; a token is asked for, or nothing is expected of strangers. */
function tellsGarbage(fd: number): boolean {
  try {
    sendBytes(fd, new Uint8Array(64).fill(0xff));
    return true;
  } catch {
    return false;
  }
}

/** What was tried, of one run or several. */
class Tried {
  /** How often a stranger was told that he may not, by kind of thing. */
  readonly refused = new Map<string, number>();
  /** How often he found somebody to send to. */
  readonly reached = { tcp: 0, udp: 0 };
  /** What anyone may read of the participants. */
  readonly commandLines = new Set<string>();

  get missing(): string[] {
    return [
      ...KINDS.filter((kind) => !this.refused.has(kind)),
      ...(["tcp", "udp"] as const).filter((protocol) => this.reached[protocol] === 0),
    ];
  }
}

const KINDS = [
  ...["folder", "journal", "process", "shm", "sem", "mq", "msg", "sysv-sem", "sysv-shm"],
  ...["socket", "fifo"],
];

/** Runs the suite, and tries everything again and again until it ends. */
async function attackRun(tried: Tried): Promise<void> {
  // Short, since the path of a socket may have 107 bytes.
  const temporary = `/tmp/${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(temporary);
  await Deno.chmod(temporary, 0o1777); // as /tmp is
  const results = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const child = start([
    ...["bench", "--no-store", "--no-report", "--json", `${results}/run.json`],
    ...["--facility", FACILITIES.join(), "--placement", "same-cpu", "--size", "64"],
    ...["--workload", "round-trip,hand-off", "--trials", "3", "--budget", "12s"],
  ], temporary);
  let over = false;
  const ended = end(child).finally(() => over = true);
  try {
    using stranger = new Stranger();
    while (!over) await attackOnce(temporary, child.pid, stranger, tried);
    const { code, err } = await ended;
    assertEquals(code, 0, err);
    const run = parseRun(await Deno.readTextFile(`${results}/run.json`), "run.json");
    for (const cell of run.cells) {
      assert(cell.status !== "failed", `${cell.id}: ${"reason" in cell ? cell.reason : ""}`);
    }
  } finally {
    if (!over) child.kill("SIGTERM");
    await ended;
    await Deno.remove(temporary, { recursive: true });
    await Deno.remove(results, { recursive: true });
  }
}

async function attackOnce(
  temporary: string,
  coordinator: number,
  stranger: Stranger,
  { refused, reached, commandLines }: Tried,
): Promise<void> {
  using opened = new DisposableStack();
  const fresh = (domain: number, type: number) =>
    opened.adopt(socket(domain, type | SOCK_CLOEXEC), close);
  const processes = participantsOf(coordinator);
  for (const pid of processes) commandLines.add(tryReadText(`/proc/${pid}/cmdline`) ?? "");
  const targets = targetsOf(temporary, processes, fresh(AF_UNIX, SOCK_STREAM));
  const connected: { protocol: "tcp" | "udp"; fd: number }[] = [];
  for (const [protocol, type] of [["tcp", SOCK_STREAM], ["udp", SOCK_DGRAM]] as const) {
    for (const port of portsOf(processes, protocol)) {
      const fd = fresh(AF_INET, type);
      connected.push({ protocol, fd });
      targets.push([protocol, attack("connect_inet", fd, "127.0.0.1", port)]);
    }
  }
  const attacks = targets.flatMap(([kind, ...each]) => each.map((one) => ({ kind, one })));
  const outcomes = await stranger.attempt(attacks.map(({ one }) => one));
  for (const [index, { kind, one }] of attacks.entries()) {
    const outcome = outcomes[index]!;
    // Any user may connect to a port; what that is worth, the run's figures tell.
    if (one.call === "connect_inet" && outcome === null) continue;
    const known = REFUSED.includes(outcome) || GONE.includes(outcome);
    assert(known, `${one.call}(${one.args.join(", ")}) by nobody: ${outcome ?? "it did"}`);
    if (REFUSED.includes(outcome)) refused.set(kind, (refused.get(kind) ?? 0) + 1);
  }
  for (const { protocol, fd } of connected) reached[protocol] += Number(tellsGarbage(fd));
}

/** Trials are short: on a busy machine one run may be over before all was tried. */
const MOST_RUNS = 4;

Deno.test({
  name: "another user gets at nothing of a run while it is on, and does not disturb it" +
    (CAN_BECOME_NOBODY ? "" : " (needs root)"),
  ignore: !CAN_BECOME_NOBODY,
  async fn() {
    const tried = new Tried();
    for (let runs = 0; runs < MOST_RUNS && tried.missing.length > 0; runs++) await attackRun(tried);
    assertEquals(tried.missing, [], "of these nothing was tried");
    for (const each of tried.commandLines) assertMatch(each, /^(?!.*"token")/s);
  },
});
