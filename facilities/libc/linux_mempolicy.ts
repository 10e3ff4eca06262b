/**
 * `linux/mempolicy.h`: on which NUMA node memory is allocated. The C library has no wrappers.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/set_mempolicy.2.html set_mempolicy(2)},
 * {@link https://docs.kernel.org/admin-guide/mm/numa_memory_policy.html NUMA memory policy}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check } from "./errno.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";

const MPOL_DEFAULT = 0;
const MPOL_BIND = 2;
const MPOL_F_NODE = 1;
const MPOL_F_ADDR = 2;

const c = open({
  // long set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)
  set_mempolicy: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize"],
    result: "i32",
  },
  // long get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode, void *addr,
  //   unsigned long flags)
  get_mempolicy: {
    name: "syscall",
    parameters: ["i64", "pointer", "pointer", "usize", "pointer", "usize"],
    result: "i32",
  },
});

/**
 * Allocates what the calling thread touches first on one node only, until disposed.
 *
 * @throws {SystemCallError} EINVAL where there is no such node, EPERM in some containers, ENOSYS
 */
export function allocateOnNode(node: number): Disposable {
  // A mask as long as the kernel's own words, which has a bit for the node.
  const mask = new Struct(8 * (1 + (node >> 6)));
  mask.bytes[node >> 3] = 1 << (node & 7);
  // The kernel reads one bit less than it is told.
  const room = BigInt(8 * mask.bytes.length + 1);
  check(
    "set_mempolicy",
    c.set_mempolicy(ARCH.SYS_set_mempolicy, MPOL_BIND, mask.pointer, room),
    `to node ${node}`,
  );
  return {
    [Symbol.dispose]() {
      check("set_mempolicy", c.set_mempolicy(ARCH.SYS_set_mempolicy, MPOL_DEFAULT, null, 0n));
    },
  };
}

/**
 * The node of the page at an address, which is faulted in where it is not.
 *
 * @throws {SystemCallError} EFAULT, EPERM, ENOSYS
 */
export function nodeOfPage(address: Deno.PointerObject): number {
  const node = new Struct(4);
  check(
    "get_mempolicy",
    c.get_mempolicy(
      ARCH.SYS_get_mempolicy,
      node.pointer,
      null,
      0n,
      address,
      BigInt(MPOL_F_NODE | MPOL_F_ADDR),
    ),
  );
  return node.i32(0);
}
