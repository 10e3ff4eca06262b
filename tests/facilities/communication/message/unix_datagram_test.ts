// @gate both

import { limit } from "../../../../facilities/limits.ts";
import { testTransfer } from "../../transfer.ts";

for (const variant of ["socketpair", "pathname"]) {
  testTransfer({ facility: "unix-datagram", variant, maxBytes: limit.unixMaxMessage().value });
}
