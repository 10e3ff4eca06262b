/**
 * All statements of the taxonomy that are proved by experiment, in the order in which it makes them.
 *
 * @module
 */
import type { Claim } from "./claim.ts";
import { accessibility } from "./naming/accessibility.ts";
import { handle } from "./naming/handle.ts";
import { identifier } from "./naming/identifier.ts";
import { persistence } from "./naming/persistence.ts";
import { similarFacilities } from "./naming/similar_facilities.ts";
import { needsSynchronization } from "./shared_memory/needs_synchronization.ts";
import { notDestructive } from "./shared_memory/not_destructive.ts";
import { samePages } from "./shared_memory/same_pages.ts";
import { realtimeQueue } from "./signal/realtime_queue.ts";
import { signalNumber } from "./signal/signal_number.ts";
import { lockOwnership } from "./synchronization/lock_ownership.ts";
import { mutualExclusion } from "./synchronization/mutual_exclusion.ts";
import { robustness } from "./synchronization/robustness.ts";
import { threads } from "./threads/threads.ts";
import { threadsShareVariables } from "./threads/threads_share_variables.ts";
import { automaticSynchronization } from "./transfer/automatic_synchronization.ts";
import { datagramsAreMessages } from "./transfer/datagrams_are_messages.ts";
import { destructiveRead } from "./transfer/destructive_read.ts";
import { noPartialMessage } from "./transfer/no_partial_message.ts";
import { notification } from "./transfer/notification.ts";
import { oneToMany } from "./transfer/one_to_many.ts";
import { peek } from "./transfer/peek.ts";
import { pollable } from "./transfer/pollable.ts";
import { priority } from "./transfer/priority.ts";
import { pseudoterminal } from "./transfer/pseudoterminal.ts";
import { twoCopies } from "./transfer/two_copies.ts";
import { undelimited } from "./transfer/undelimited.ts";
import { wholeMessage } from "./transfer/whole_message.ts";

export const CLAIMS: readonly Claim[] = [
  signalNumber,
  realtimeQueue,
  similarFacilities,
  notification,
  threads,
  threadsShareVariables,
  twoCopies,
  undelimited,
  datagramsAreMessages,
  wholeMessage,
  noPartialMessage,
  pseudoterminal,
  destructiveRead,
  peek,
  oneToMany,
  automaticSynchronization,
  samePages,
  notDestructive,
  needsSynchronization,
  mutualExclusion,
  lockOwnership,
  robustness,
  priority,
  identifier,
  handle,
  accessibility,
  persistence,
  pollable,
];
