// @gate both

/** Every region of shared memory as a channel, with every strategy of waiting. */
import { STRATEGIES } from "../../../../facilities/communication/shared_memory/waiting.ts";
import { LEAVES } from "../../../../facilities/taxonomy.ts";
import { testTransfer } from "../../transfer.ts";

for (const leaf of LEAVES) {
  const { facility: { id: facility, region, inapplicable } } = await leaf.load();
  if (!region) continue;
  const kinds = (["process", "thread"] as const).filter((kind) => !inapplicable?.(kind));
  testTransfer({ facility, maxBytes: 32_768, turns: 300 }, kinds);
  for (const { id: wait } of STRATEGIES) {
    testTransfer({ facility, wait, maxBytes: 5_000, messages: 2_000, turns: 50 }, kinds);
  }
}

for (const maxBytes of [1, 1 << 20]) {
  testTransfer({ facility: "memfd", maxBytes, messages: 500, turns: 20 });
}
