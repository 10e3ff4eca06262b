/**
 * Imported before anything else of the C library, this has its functions opened without compiling a
 * call path for each: for a command that only describes what there is.
 *
 * @module
 */
import { compileNothing } from "./library.ts";

compileNothing();
