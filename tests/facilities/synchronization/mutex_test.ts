// @gate alone

import { assertEquals } from "@std/assert";
import { ERRNO } from "../../../facilities/libc/errno.ts";
import {
  pthread_mutex_lock,
  pthread_mutex_trylock,
  pthread_mutex_unlock,
} from "../../../facilities/libc/pthread.ts";
import { mapSharedPage } from "../../../facilities/shared_page.ts";
import { WORD } from "../participant.ts";
import { withCompany } from "../together.ts";

Deno.test("a robust mutex tells of its holder's death, and is lost when nobody repairs it", async () => {
  await withCompany(
    { facility: "mutex", capability: "lock", participants: "process", count: 1 },
    async ({ created, start, told }) => {
      using page = mapSharedPage(created.link.page);
      const mutex = page.pointer;
      const holder = start("hold", "initiator", 0);
      await told(WORD.held);
      assertEquals(pthread_mutex_trylock(mutex), ERRNO.EBUSY);
      assertEquals(pthread_mutex_unlock(mutex), ERRNO.EPERM);
      holder.kill("SIGKILL");
      await holder.report;
      assertEquals(pthread_mutex_lock(mutex), ERRNO.EOWNERDEAD);
      assertEquals(pthread_mutex_unlock(mutex), 0);
      assertEquals(pthread_mutex_lock(mutex), ERRNO.ENOTRECOVERABLE);
    },
  );
});
