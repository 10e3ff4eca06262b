/**
 * All statements of the taxonomy that are proved by experiment, in the order in which it makes them.
 *
 * @module
 */
import type { Claim } from "./claim.ts";
import { needsSynchronization } from "./shared_memory/needs_synchronization.ts";
import { notDestructive } from "./shared_memory/not_destructive.ts";
import { samePages } from "./shared_memory/same_pages.ts";
import { automaticSynchronization } from "./transfer/automatic_synchronization.ts";
import { destructiveRead } from "./transfer/destructive_read.ts";
import { peek } from "./transfer/peek.ts";
import { twoCopies } from "./transfer/two_copies.ts";
import { undelimited } from "./transfer/undelimited.ts";
import { wholeMessage } from "./transfer/whole_message.ts";

export const CLAIMS: readonly Claim[] = [
  undelimited,
  wholeMessage,
  destructiveRead,
  peek,
  automaticSynchronization,
  twoCopies,
  samePages,
  notDestructive,
  needsSynchronization,
];
