// @gate both

import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "pipe", maxBytes: 65_536, turns: 300 });
testTransfer({ facility: "pipe", maxBytes: 1 << 20, messages: 500, turns: 20 });
