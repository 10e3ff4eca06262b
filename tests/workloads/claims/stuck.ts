/** A pipe from which nobody ever gets anything: each side reads what it wrote itself. */
import type { Facility } from "../../../facilities/facility.ts";
import { facility as pipe } from "../../../facilities/communication/byte_stream/pipe.ts";

export const facility: Facility = {
  ...pipe,
  channel: {
    ...pipe.channel!,
    attach: (link) => pipe.channel!.attach(link, "peer"),
  },
};
