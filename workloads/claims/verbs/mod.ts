/**
 * Everything a participant can be ordered to do. Arguments and results are plain JSON.
 *
 * @module
 */
import * as contract from "./contract.ts";
import * as descriptors from "./descriptors.ts";
import * as identity from "./identity.ts";
import * as memory from "./memory.ts";
import * as queues from "./queues.ts";
import * as sockets from "./sockets.ts";
import * as signals from "./signals.ts";
import * as terminal from "./terminal.ts";
import * as variable from "./variable.ts";

export const VERBS = {
  ...contract,
  ...descriptors,
  ...identity,
  ...memory,
  ...queues,
  ...signals,
  ...sockets,
  ...terminal,
  ...variable,
};

type Functions<T> = {
  // deno-lint-ignore no-explicit-any
  [K in keyof T as T[K] extends (...args: any[]) => any ? K : never]: T[K];
};

export type Verbs = Functions<typeof VERBS>;
export type Verb = keyof Verbs;
export type Result<V extends Verb> = Awaited<ReturnType<Verbs[V]>>;
