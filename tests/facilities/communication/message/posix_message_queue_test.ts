import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "posix-message-queue", maxBytes: 8_192, turns: 300 });
