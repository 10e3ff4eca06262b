/** A facility that this machine does not have: the kernel says so. @module */
import type { Facility } from "../../../../facilities/facility.ts";
import { facility as pipe } from "../../../../facilities/communication/byte_stream/pipe.ts";
import { ERRNO, SystemCallError } from "../../../../facilities/libc/errno.ts";

export const facility: Facility = {
  ...pipe,
  id: "lacking",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    create() {
      throw new SystemCallError("nothing", ERRNO.ENOSYS);
    },
  },
};
