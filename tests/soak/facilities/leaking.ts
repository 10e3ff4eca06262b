/** A pipe that leaves something of every kind behind each time it is made. @module */
import { facility as pipe } from "../../../facilities/communication/byte_stream/pipe.ts";
import type { Facility } from "../../../facilities/facility.ts";
import { O_CREAT, O_EXCL, O_RDWR } from "../../../facilities/libc/fcntl.ts";
import { shmOpen } from "../../../facilities/libc/sys_mman.ts";
import { createSharedPage, mapSharedPage } from "../../../facilities/shared_page.ts";

const BYTES = 1 << 20;

export const facility: Facility = {
  ...pipe,
  id: "leaking",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    create(options) {
      const { fd } = createSharedPage(BYTES);
      mapSharedPage(fd, BYTES).bytes.fill(1);
      shmOpen(`/ipc-taxonomy-leaking-${crypto.randomUUID()}`, O_RDWR | O_CREAT | O_EXCL);
      return pipe.channel!.create(options);
    },
  },
};
