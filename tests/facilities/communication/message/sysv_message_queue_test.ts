import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "sysv-message-queue", maxBytes: 8_192, turns: 300 });
