// @gate long

/** The headers of the architecture that this machine is not of, by a cross compiler. */
import { testWithPackage } from "../../debian.ts";
import { type Architecture, checkConstants, checkWidths } from "./compiler.ts";

const other: Architecture = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
const program = `${other}-linux-gnu-gcc`;
/** The compiler comes without the C library's headers. */
const packages = [
  `gcc-${other.replace("_", "-")}-linux-gnu`,
  `libc6-dev-${other === "aarch64" ? "arm64" : "amd64"}-cross`,
];

await testWithPackage(
  { program, packages },
  `constants, sizes and offsets are those of the ${other} headers`,
  () => checkConstants(other, program),
);

await testWithPackage(
  { program, packages },
  `every parameter has its width in the ${other} prototypes`,
  () => checkWidths(program),
);
