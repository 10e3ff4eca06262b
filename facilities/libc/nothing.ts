/**
 * The cheapest call into C there is: the floor of every figure that crosses into C.
 *
 * @module
 */
import { open } from "./library.ts";

/** `toascii(3)`: one AND instruction; stands for the call itself. */
export const { toascii } = open({
  toascii: { parameters: ["i32"], result: "i32" },
});
