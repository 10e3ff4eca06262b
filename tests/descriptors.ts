/** What this process has open. @module */
import { isErrno } from "../facilities/libc/errno.ts";
import { listFolder } from "../facilities/libc/files.ts";
import { readlink } from "../facilities/libc/unistd.ts";

/** Each descriptor and what it stands for, as /proc/self/fd tells; that of the listing left out. */
export function openDescriptors(): { fd: string; target: string }[] {
  return listFolder("/proc/self/fd").flatMap((fd) => {
    try {
      return [{ fd, target: readlink(`/proc/self/fd/${fd}`) }];
    } catch (error) {
      if (isErrno(error, "ENOENT")) return [];
      throw error;
    }
  });
}
