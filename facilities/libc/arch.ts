/**
 * What differs between x86_64 and aarch64, with the header it comes from. All other constants of
 * `facilities/libc/` are the same on both.
 *
 * @module
 */

const x86_64 = {
  /** `asm/fcntl.h` */
  O_DIRECT: 0o40000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  /** `asm/unistd_64.h` */
  SYS_fcntl: 72n,
  SYS_futex: 202n,
  SYS_mq_timedreceive: 243n,
  SYS_mq_timedsend: 242n,
  SYS_msgrcv: 70n,
  SYS_msgsnd: 69n,
  SYS_read: 0n,
  SYS_recvfrom: 45n,
  SYS_sendto: 44n,
  SYS_write: 1n,
  SYS_get_mempolicy: 239n,
  SYS_getdents64: 217n,
  SYS_rt_sigtimedwait: 128n,
  SYS_rt_tgsigqueueinfo: 297n,
  SYS_set_mempolicy: 238n,
  SYS_setgroups: 116n,
  SYS_setresgid: 119n,
  SYS_setresuid: 117n,
  SYS_tgkill: 234n,
  /** `bits/pthreadtypes-arch.h` */
  SIZEOF_PTHREAD_MUTEX_T: 40,
  SIZEOF_PTHREAD_ATTR_T: 56,
  SIZEOF_PTHREAD_MUTEXATTR_T: 4,
  SIZEOF_PTHREAD_CONDATTR_T: 4,
  /** `bits/struct_stat.h`: offset of `st_mode` and `st_size`, size of the whole */
  STAT_MODE: 24,
  STAT_SIZE: 48,
  SIZEOF_STAT: 144,
  /** `bits/types/struct_semid_ds.h` */
  SIZEOF_SEMID_DS: 104,
};

const aarch64: typeof x86_64 = {
  O_DIRECT: 0o200000,
  O_DIRECTORY: 0o40000,
  O_NOFOLLOW: 0o100000,
  SYS_fcntl: 25n,
  SYS_futex: 98n,
  SYS_mq_timedreceive: 183n,
  SYS_mq_timedsend: 182n,
  SYS_msgrcv: 188n,
  SYS_msgsnd: 189n,
  SYS_read: 63n,
  SYS_recvfrom: 207n,
  SYS_sendto: 206n,
  SYS_write: 64n,
  SYS_get_mempolicy: 236n,
  SYS_getdents64: 61n,
  SYS_rt_sigtimedwait: 137n,
  SYS_rt_tgsigqueueinfo: 240n,
  SYS_set_mempolicy: 237n,
  SYS_setgroups: 159n,
  SYS_setresgid: 149n,
  SYS_setresuid: 147n,
  SYS_tgkill: 131n,
  SIZEOF_PTHREAD_MUTEX_T: 48,
  SIZEOF_PTHREAD_ATTR_T: 64,
  SIZEOF_PTHREAD_MUTEXATTR_T: 8,
  SIZEOF_PTHREAD_CONDATTR_T: 8,
  STAT_MODE: 16,
  STAT_SIZE: 48,
  SIZEOF_STAT: 128,
  SIZEOF_SEMID_DS: 88,
};

/** Both tables by architecture, as Deno names it. */
export const ARCHITECTURES = { x86_64, aarch64 };

/** The table of the machine this runs on. */
export const ARCH = Deno.build.arch === "aarch64" ? aarch64 : x86_64;
