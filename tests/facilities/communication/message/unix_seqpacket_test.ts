// @gate both

import { limit } from "../../../../facilities/limits.ts";
import { testTransfer } from "../../transfer.ts";

for (const variant of ["socketpair", "pathname"]) {
  testTransfer({ facility: "unix-seqpacket", variant, maxBytes: limit.unixMaxMessage().value });
}
