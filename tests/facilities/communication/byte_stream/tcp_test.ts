// @gate both

import { testTransfer } from "../../transfer.ts";

for (const variant of ["nodelay", "nagle"]) {
  testTransfer({ facility: "tcp", variant, maxBytes: 65_536 });
}
