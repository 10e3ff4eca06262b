// @gate both

import { testTransfer } from "../../transfer.ts";

for (const variant of ["socketpair", "pathname"]) {
  testTransfer({ facility: "unix-stream", variant, maxBytes: 65_536 });
}
