// @gate both

import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "fifo", maxBytes: 65_536, turns: 300 });
