/** Who a participant is. @module */
import * as credentials from "../../../facilities/libc/linux_credentials.ts";
import { dieWithParent } from "../../../facilities/libc/sys_prctl.ts";
import { chmod } from "../../../facilities/libc/sys_stat.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";
import { getpid, getppid, gettid } from "../../../facilities/libc/unistd.ts";
import { closeForeign } from "./descriptors.ts";
import { takePending } from "./signals.ts";
import { letGo } from "./held.ts";

/** Its process, and the thread that its calls run in. */
export function identity(): { process: number; thread: number } {
  return { process: getpid(), thread: gettid() };
}

/** Loads a facility's module, so that a user who may not read it can use it. */
export async function loadOnly(reference: string): Promise<void> {
  await loadFacility(reference);
}

/** Turns into another user, until the experiment is over. */
export function becomeUser(uid: number, gid: number): void {
  credentials.becomeUserForNow(uid, gid);
  foreign = true;
}

let foreign = false;

/** Turns into root again. */
function becomeRoot(): void {
  if (!foreign) return;
  credentials.becomeRootAgain();
  dieWithParent(getppid());
  foreign = false;
}

export function changeMode(path: string, mode: number): void {
  chmod(path, mode);
}

/** Becomes as it was at the start. */
export function reset(): void {
  becomeRoot();
  letGo();
  takePending();
  closeForeign();
}
