/** A thread that becomes `nobody` and asks whether anonymous mappings can be used. @module */
import { facility } from "../../../../facilities/communication/shared_memory/anonymous_mapping.ts";
import { becomeUser, NOBODY } from "../../../../facilities/libc/linux_credentials.ts";

// A thread alone: the main thread would take the whole program along.
if ("WorkerGlobalScope" in globalThis) {
  becomeUser(NOBODY, NOBODY);
  const { inapplicable } = facility;
  (self as unknown as Worker).postMessage({
    process: inapplicable!("process"),
    thread: inapplicable!("thread"),
  });
}
