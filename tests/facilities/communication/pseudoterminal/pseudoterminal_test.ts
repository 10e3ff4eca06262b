import { facility } from "../../../../facilities/communication/pseudoterminal/pseudoterminal.ts";
import { testTransfer } from "../../transfer.ts";

testTransfer({ facility: "pseudoterminal", variant: "raw", maxBytes: 8_192 });
testTransfer({
  facility: "pseudoterminal",
  variant: "canonical",
  maxBytes: facility.channel!.largestMessage!("canonical")!.value,
});
