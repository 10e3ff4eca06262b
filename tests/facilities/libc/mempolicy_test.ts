import { assertEquals, assertThrows } from "@std/assert";
import { SystemCallError } from "../../../facilities/libc/errno.ts";
import { allocateOnNode, nodeOfPage } from "../../../facilities/libc/linux_mempolicy.ts";
import { Memory } from "../../../facilities/libc/memory.ts";

/** The node of the CPUs of a machine that has but one, and of some of any other. */
const NODE = 0;

Deno.test("memory comes from the node that was asked for", () => {
  using _node = allocateOnNode(NODE);
  using memory = Memory.share(4096).faultIn();
  assertEquals(nodeOfPage(memory.pointer), NODE);
});

Deno.test("a node that is not there is refused", () => {
  const error = assertThrows(() => allocateOnNode(63), SystemCallError);
  assertEquals(error.code, "EINVAL");
});
