/**
 * The client of a PostgreSQL store: `npm:postgres` with every default said, so that it reads two
 * variables of the environment only, and with sockets of our own.
 *
 * @module
 */
import { Duplex } from "node:stream";
import postgres, { type Options, type Sql } from "postgres";
import type { Address } from "./address.ts";
import { connect } from "./connect.ts";

/** A command does few things at once; many hosts share the server's connections. */
const CONNECTIONS = 4;

export interface Client {
  readonly sql: Sql;
  /** Ends every connection at once, also to a server that does not answer. */
  abandon(): void;
}

/** Nothing is connected yet. */
export function client(address: Address): Client {
  const { user, password, database, host, port } = address;
  const sockets = new Set<Duplex>();
  const socket = async () => {
    const connected = guarded(await connect(address).catch(broken));
    sockets.add(connected);
    return connected;
  };
  const options = {
    host,
    port,
    user,
    // Nothing would make the client look for one by itself.
    password: password ?? " ",
    database,
    max: CONNECTIONS,
    ssl: false,
    socket,
    sslnegotiation: null,
    idle_timeout: 0,
    connect_timeout: 10,
    max_lifetime: null,
    max_pipeline: 100,
    // The pauses are those of retry.ts.
    backoff: () => 0,
    keep_alive: 60,
    prepare: true,
    debug: undefined,
    fetch_types: false,
    publications: "alltables",
    target_session_attrs: undefined,
    onnotice: () => {},
    connection: { application_name: "ipc-taxonomy" },
  };
  // Its types know neither `socket` nor some of the nulls that it accepts.
  const sql = postgres(options as unknown as Options<Record<string, never>>);
  return {
    sql,
    abandon() {
      sql.end({ timeout: 0 }).catch(() => {});
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The client uses a connection again only after its socket was closed, so one has to be there. */
function broken(error: Error): Duplex {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  // After the client has taken hold of it.
  setTimeout(() => socket.destroy(error));
  return socket;
}

/**
 * The client takes all its listeners off a socket that was closed, and an error that comes after
 * that, such as EPIPE of its last words, would end the process.
 */
function guarded<T extends Duplex>(socket: T): T {
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (...events: Parameters<typeof removeAll>) => {
    removeAll(...events);
    return socket.on("error", () => {});
  };
  return socket;
}
