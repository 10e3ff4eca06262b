/** All kinds of faults. @module */
import type { Fault } from "./fault.ts";
import { LIMIT_FAULTS } from "./limits.ts";
import { MISBEHAVIOUR } from "./misbehaviour.ts";
import { SIGNAL_FAULTS } from "./signals.ts";
import { STORAGE_FAULTS } from "./storage.ts";

export const ALL_FAULTS: readonly Fault[] = [
  ...SIGNAL_FAULTS,
  ...MISBEHAVIOUR,
  ...STORAGE_FAULTS,
  ...LIMIT_FAULTS,
];
