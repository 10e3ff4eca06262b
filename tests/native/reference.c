/*
 * The native reference of the suite: the same cells, the same loops, the same touching of the data,
 * the same counts and clock, in C11 and nothing but the C library.
 *
 *   cc -std=c11 -O2 -pthread -o reference reference.c -lrt
 *   reference FACILITY WORKLOAD BYTES LARGEST CPU CPU [WAIT]
 *
 * It forks a peer, pins both (-1 leaves one alone), makes the facility for messages of up to LARGEST
 * bytes, and then, for each line `COUNT LEAD BATCH` on stdin, does so many operations and prints one
 * line of JSON. WAIT is `futex` or `spin`, for shared memory. What it can do is printed by
 * `reference --list`; `reference --on CPU PROGRAM ...` runs another program on one CPU.
 *
 * Each loop is inlined for each facility, as a program written for that facility alone would be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define INLINE static inline __attribute__((always_inline))
#define MOST_STAMPS (1u << 18)

/* ---- what went wrong -------------------------------------------------------------------------- */

static pid_t parent;

static void (*remove_objects)(void);

/* Ends the process, and through its death the peer; leaves nothing behind in the kernel. */
static void end(int status) {
  if (getpid() != parent) kill(parent, SIGTERM);
  else if (remove_objects) remove_objects();
  _exit(status);
}

static void on_signal(int number) { end(128 + number); }

static _Noreturn void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  end(4);
  __builtin_unreachable();
}

INLINE long check(const char *what, long result) {
  if (__builtin_expect(result == -1, 0)) fail(what);
  return result;
}

/* ---- the clock and the data ------------------------------------------------------------------- */

INLINE uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

enum { SMALL = 16, ABSENT = 0xff };

/* Writes every byte of message number `sequence`. */
INLINE void fill(unsigned char *bytes, unsigned sequence, size_t length) {
  unsigned char value = sequence & 0x7f;
  if (length <= SMALL) {
    for (size_t at = 0; at < length; at++) bytes[at] = value;
  } else {
    memset(bytes, value, length);
  }
}

/* Reads every byte; 0 if it is message number `sequence`. */
INLINE unsigned examine(const unsigned char *bytes, unsigned sequence, size_t length) {
  unsigned char value = sequence & 0x7f;
  if (length <= SMALL) {
    unsigned char differs = 0;
    for (size_t at = 0; at < length; at++) differs |= bytes[at] ^ value;
    return differs != 0;
  }
  return memchr(bytes, ABSENT, length) || bytes[0] != value || bytes[length - 1] != value;
}

/* ---- where the participants meet -------------------------------------------------------------- */

struct page {
  _Alignas(128) atomic_int arrived;
  _Alignas(128) atomic_int generation;
  _Alignas(128) unsigned count, lead, batch;
  bool done;
  uint64_t start, end;
  unsigned errors;
  _Alignas(128) pid_t pids[2];
};

static struct page *page;
static unsigned parties;
static uint64_t stamps[MOST_STAMPS + 1];
static size_t length, largest;
static int role; /* 0 the initiator, 1 the peer */
static bool solo;

static long futex(void *address, int operation, int value) {
  return syscall(SYS_futex, address, operation, value, NULL);
}

static void meet(void) {
  int seen = atomic_load(&page->generation);
  if (atomic_fetch_add(&page->arrived, 1) + 1 == (int)parties) {
    atomic_store(&page->arrived, 0);
    atomic_fetch_add(&page->generation, 1);
    futex(&page->generation, FUTEX_WAKE, 64);
  } else {
    while (atomic_load(&page->generation) == seen) futex(&page->generation, FUTEX_WAIT, seen);
  }
}

static void *shared(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  return memory;
}

static char name_of[2][64];

/* A name for one of two objects that no other process guesses by accident. */
static const char *name(int which, const char *format) {
  snprintf(name_of[which], sizeof name_of[which], format, (int)parent, which);
  return name_of[which];
}

/* ---- channels --------------------------------------------------------------------------------- */

static unsigned char *out, *in;
static int from, to;
static int ends[2][2];

static void buffers(void) {
  out = shared(largest);
  in = shared(largest);
}

/* A pair of descriptors each way: `ends[direction]` is { read end, write end }. */
static void attach_ends(void) {
  from = ends[solo ? 0 : !role][0];
  to = ends[role][1];
  buffers();
}

static void create_pipe(void) {
  for (int each = 0; each < 2; each++) check("pipe", pipe(ends[each]));
}

static void create_fifo(void) {
  for (int each = 0; each < 2; each++) {
    const char *path = name(each, "/tmp/ipc-taxonomy-reference-%d-%d");
    check("mkfifo", mkfifo(path, 0600));
    ends[each][0] = check("open", open(path, O_RDONLY | O_NONBLOCK));
    ends[each][1] = check("open", open(path, O_WRONLY));
    check("fcntl", fcntl(ends[each][0], F_SETFL, O_RDONLY));
    unlink(path);
  }
}

/* Both directions over one connection: whoever writes to 0 is read at 1. */
static void connection(int mine, int theirs) {
  ends[1][0] = ends[0][1] = mine;
  ends[0][0] = ends[1][1] = theirs;
}

static void create_pair(int type) {
  int pair[2];
  check("socketpair", socketpair(AF_UNIX, type, 0, pair));
  connection(pair[0], pair[1]);
}

static void create_unix_stream(void) { create_pair(SOCK_STREAM); }
static void create_unix_datagram(void) { create_pair(SOCK_DGRAM); }
static void create_unix_seqpacket(void) { create_pair(SOCK_SEQPACKET); }

static void create_tcp(void) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int one = 1;
  int listener = check("socket", socket(AF_INET, SOCK_STREAM, 0));
  check("bind", bind(listener, (struct sockaddr *)&address, sizeof address));
  check("listen", listen(listener, 1));
  check("getsockname", getsockname(listener, (struct sockaddr *)&address, &size));
  int theirs = check("socket", socket(AF_INET, SOCK_STREAM, 0));
  check("connect", connect(theirs, (struct sockaddr *)&address, sizeof address));
  int mine = check("accept", accept(listener, NULL, NULL));
  check("setsockopt", setsockopt(mine, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  check("setsockopt", setsockopt(theirs, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  close(listener);
  connection(mine, theirs);
}

/* The initiator has the master, the peer the slave, which is raw. */
static void create_pty(void) {
  struct termios modes;
  int master = check("posix_openpt", posix_openpt(O_RDWR | O_NOCTTY));
  check("grantpt", grantpt(master));
  check("unlockpt", unlockpt(master));
  int slave = check("open", open(ptsname(master), O_RDWR | O_NOCTTY));
  check("tcgetattr", tcgetattr(slave, &modes));
  cfmakeraw(&modes);
  check("tcsetattr", tcsetattr(slave, TCSANOW, &modes));
  connection(master, slave);
}

INLINE unsigned char *stream_outgoing(void) { return out; }

INLINE void stream_send(size_t size) {
  for (size_t done = 0; done < size;) done += check("write", write(to, out + done, size - done));
}

INLINE unsigned char *stream_receive(size_t size) {
  for (size_t done = 0; done < size;) {
    long count = check("read", read(from, in + done, size - done));
    if (count == 0) fail("end of stream");
    done += count;
  }
  return in;
}

INLINE unsigned char *socket_outgoing(void) { return out; }
INLINE void socket_send(size_t size) { check("send", send(to, out, size, 0)); }

INLINE unsigned char *socket_receive(size_t size) {
  if ((size_t)check("recv", recv(from, in, largest, MSG_TRUNC)) != size) fail("recv: length");
  return in;
}

static long limit(const char *path, long fallback) {
  FILE *file = fopen(path, "r");
  if (file) {
    if (fscanf(file, "%ld", &fallback) != 1) fail(path);
    fclose(file);
  }
  return fallback;
}

static void create_mq(void) {
  struct mq_attr attributes = {
    .mq_maxmsg = limit("/proc/sys/fs/mqueue/msg_max", 10),
    .mq_msgsize = (long)largest,
  };
  for (int each = 0; each < 2; each++) {
    const char *named = name(each, "/ipc-taxonomy-reference-%d-%d");
    ends[each][0] = check("mq_open", mq_open(named, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes));
    ends[each][1] = ends[each][0];
    mq_unlink(named);
  }
}

INLINE unsigned char *mq_outgoing(void) { return out; }
INLINE void mq_send_one(size_t size) { check("mq_send", mq_send(to, (char *)out, size, 0)); }

INLINE unsigned char *mq_receive_one(size_t size) {
  if ((size_t)check("mq_receive", mq_receive(from, (char *)in, largest, NULL)) != size) {
    fail("mq_receive: length");
  }
  return in;
}

static int queue;
static long type_received;

static void create_sysv_queue(void) {
  queue = check("msgget", msgget(IPC_PRIVATE, IPC_CREAT | 0600));
}

static void attach_sysv_queue(void) {
  largest += sizeof(long);
  buffers();
  largest -= sizeof(long);
  *(long *)out = role == 1 ? 2 : 1;
  type_received = role == 0 ? 2 : 1;
}

static void remove_sysv_queue(void) { msgctl(queue, IPC_RMID, NULL); }

INLINE unsigned char *sysv_outgoing(void) { return out + sizeof(long); }
INLINE void sysv_send(size_t size) { check("msgsnd", msgsnd(queue, out, size, 0)); }

INLINE unsigned char *sysv_receive(size_t size) {
  if ((size_t)check("msgrcv", msgrcv(queue, in, largest, type_received, 0)) != size) {
    fail("msgrcv: length");
  }
  return in + sizeof(long);
}

/* An eventfd carries one message: a number with the top bit set, so that two never fit. */
static void create_eventfds(void) {
  for (int each = 0; each < 2; each++) {
    ends[each][0] = ends[each][1] = check("eventfd", eventfd(0, 0));
  }
}

INLINE unsigned char *counter_outgoing(void) { return out; }

INLINE void counter_send(size_t size) {
  (void)size;
  out[7] = 0x80;
  check("write", write(to, out, 8));
}

INLINE unsigned char *counter_receive(size_t size) {
  (void)size;
  check("read", read(from, in, 8));
  return in;
}

/* UDP with the flow control of udp.ts. What does not come is no loss here, but the end. */

enum { UDP_HEADER = 8, UDP_PAYLOAD = 64, UDP_WIRE = UDP_PAYLOAD - UDP_HEADER, UDP_LARGEST = 65507 };

static int counts[2];
static unsigned udp_window, udp_sent, udp_acknowledged, udp_received, udp_untold;

static void connected_udp(int pair[2]) {
  struct sockaddr_in addresses[2];
  for (int each = 0; each < 2; each++) {
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof any;
    pair[each] = check("socket", socket(AF_INET, SOCK_DGRAM, 0));
    check("bind", bind(pair[each], (struct sockaddr *)&any, size));
    check("getsockname", getsockname(pair[each], (struct sockaddr *)&addresses[each], &size));
  }
  for (int each = 0; each < 2; each++) {
    struct sockaddr_in *other_one = &addresses[!each];
    check("connect", connect(pair[each], (struct sockaddr *)other_one, sizeof *other_one));
  }
}

/* As many messages may be under way as the receive buffer takes, less a quarter of it. */
static void create_udp(void) {
  static unsigned char probe[UDP_LARGEST];
  int pair[2], buffer;
  unsigned memory[9];
  size_t power = 1;
  socklen_t size = sizeof buffer;
  connected_udp(pair);
  connected_udp(counts);
  check("getsockopt", getsockopt(pair[1], SOL_SOCKET, SO_RCVBUF, &buffer, &size));
  while (power < length) power *= 2;
  power += UDP_HEADER;
  check("send", send(pair[0], probe, power < UDP_LARGEST ? power : UDP_LARGEST, 0));
  size = sizeof memory;
  check("getsockopt", getsockopt(pair[1], SOL_SOCKET, SO_MEMINFO, memory, &size));
  check("recv", recv(pair[1], probe, sizeof probe, 0));
  udp_window = (unsigned)buffer / 4 * 3 / memory[0];
  if (udp_window == 0) udp_window = 1;
  connection(pair[0], pair[1]);
}

static void attach_udp(void) {
  struct timeval patience = { .tv_usec = 250000 };
  largest += UDP_PAYLOAD;
  attach_ends();
  largest -= UDP_PAYLOAD;
  check("setsockopt", setsockopt(from, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
  check("setsockopt", setsockopt(counts[role], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
}

INLINE size_t udp_wait(int socket, void *into, size_t size) {
  for (int vain = 0;;) {
    long count = recv(socket, into, size, MSG_TRUNC);
    if (count != -1) return count;
    if (errno != EAGAIN || ++vain == 8) fail("recv");
  }
}

INLINE void udp_acknowledge(unsigned received) {
  if ((int)(received - udp_acknowledged) > 0) udp_acknowledged = received;
}

INLINE unsigned char *udp_outgoing(void) { return out + UDP_PAYLOAD; }

INLINE void udp_send(size_t size) {
  unsigned received, *header = (unsigned *)(out + UDP_WIRE);
  while ((int)(udp_sent - udp_acknowledged) >= (int)udp_window) {
    udp_wait(counts[role], &received, sizeof received);
    udp_acknowledge(received);
  }
  header[0] = udp_sent++;
  header[1] = udp_received;
  check("send", send(to, header, UDP_HEADER + size, 0));
  udp_untold = 0;
}

INLINE unsigned char *udp_receive(size_t size) {
  unsigned *header = (unsigned *)(in + UDP_WIRE);
  size_t count = udp_wait(from, header, UDP_HEADER + largest);
  if (count != UDP_HEADER + size || header[0] != udp_received) fail("recv: not the next message");
  udp_received++;
  udp_acknowledge(header[1]);
  if (++udp_untold > udp_window / 2) {
    check("send", send(counts[role], &udp_received, sizeof udp_received, 0));
    udp_untold = 0;
  }
  return in + UDP_PAYLOAD;
}

/* ---- signals ---------------------------------------------------------------------------------- */

static sigset_t awaited;
static pid_t other;
static int signal_number;
static siginfo_t own_information;

static void block(int number) {
  signal_number = number;
  sigemptyset(&awaited);
  sigaddset(&awaited, number);
  check("sigprocmask", sigprocmask(SIG_BLOCK, &awaited, NULL));
}

static void create_standard_signal(void) { block(SIGUSR1); }
static void create_realtime_signal(void) { block(SIGRTMIN); }

static void attach_signal(void) {
  page->pids[role] = getpid();
  if (!solo) meet();
  other = solo ? getpid() : page->pids[!role];
  own_information = (siginfo_t){
    .si_signo = signal_number, .si_code = SI_QUEUE, .si_pid = getpid(), .si_uid = getuid(),
  };
  buffers();
}

/* Between threads of one process, and alone, a signal goes to the thread, as the suite has it. */
INLINE void queue_signal(int number, int value) {
  if (!solo) {
    check("sigqueue", sigqueue(other, number, (union sigval){ .sival_int = value }));
    return;
  }
  own_information.si_value.sival_int = value;
  check("rt_tgsigqueueinfo",
        syscall(SYS_rt_tgsigqueueinfo, other, other, number, &own_information));
}

INLINE void send_signal(int number) {
  if (solo) check("tgkill", syscall(SYS_tgkill, other, other, number));
  else check("kill", kill(other, number));
}

INLINE unsigned char *realtime_outgoing(void) { return out; }

INLINE void realtime_send(size_t size) {
  (void)size;
  queue_signal(signal_number, *(int *)out);
}

INLINE unsigned char *realtime_receive(size_t size) {
  (void)size;
  siginfo_t information;
  check("sigwaitinfo", sigwaitinfo(&awaited, &information));
  *(int *)in = information.si_value.sival_int;
  return in;
}

/* ---- shared memory: one ring of slots for each direction, as ring.ts has it -------------------- */

enum { AWAKE, FOR_MESSAGE, FOR_ROOM, RING_BYTES = 65536 };

struct ring_words {
  _Alignas(128) atomic_int sent[2][32], consumed[2][32], sleeps[2][32];
};

struct notifier_words {
  _Alignas(128) atomic_int posts;
};

static struct ring_words *ring;
static struct notifier_words *words;
static unsigned char *out_slots, *in_slots;
static size_t slot_bytes;
static int most_slots, slots, sent, received, consumed_seen;

static size_t slot_of(size_t bytes) { return (bytes + 63) / 64 * 64; }
static size_t ring_bytes(void) { return 2 * slot_of(largest) > RING_BYTES ? 2 * slot_of(largest) : RING_BYTES; }
static size_t region_bytes(void) { return 4096 + 2 * ring_bytes(); }

static void *map_file(int fd) {
  check("ftruncate", ftruncate(fd, region_bytes()));
  void *memory = mmap(NULL, region_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (memory == MAP_FAILED) fail("mmap");
  close(fd);
  return memory;
}

static void create_posix_shm(void) {
  const char *named = name(0, "/ipc-taxonomy-reference-%d-%d");
  ring = map_file(check("shm_open", shm_open(named, O_RDWR | O_CREAT | O_EXCL, 0600)));
  shm_unlink(named);
}

static void create_memfd(void) {
  ring = map_file(check("memfd_create", memfd_create("ipc-taxonomy-reference", 0)));
}

static void create_anonymous(void) { ring = shared(region_bytes()); }

static void create_file(void) {
  const char *path = name(0, "/tmp/ipc-taxonomy-reference-%d-%d");
  ring = map_file(check("open", open(path, O_RDWR | O_CREAT | O_EXCL, 0600)));
  unlink(path);
}

static void create_sysv_shm(void) {
  int id = check("shmget", shmget(IPC_PRIVATE, region_bytes(), IPC_CREAT | 0600));
  ring = shmat(id, NULL, 0);
  if (ring == (void *)-1) fail("shmat");
  memset(ring, 0, region_bytes());
  shmctl(id, IPC_RMID, NULL);
}

static void attach_ring(void) {
  unsigned char *base = (unsigned char *)ring + 4096;
  slot_bytes = slot_of(length);
  for (slots = 1; slots < most_slots && 2 * slots * slot_bytes <= ring_bytes();) slots *= 2;
  out_slots = base + role * ring_bytes();
  in_slots = base + !role * ring_bytes();
  for (size_t at = 0; at < region_bytes(); at += 4096) ((volatile char *)ring)[at];
}

/* A notifier of one futex word a direction. */
INLINE void futex_post(void) {
  atomic_fetch_add(&words[role].posts, 1);
  futex(&words[role].posts, FUTEX_WAKE, 1);
}

INLINE void futex_await(void) {
  atomic_int *mine = &words[solo ? 0 : !role].posts;
  for (;;) {
    int posts = atomic_load(mine);
    if (posts == 0) futex(mine, FUTEX_WAIT, 0);
    else if (atomic_compare_exchange_strong(mine, &posts, posts - 1)) return;
  }
}

INLINE int acquire(atomic_int *word) { return atomic_load_explicit(word, memory_order_acquire); }

INLINE void await_change(atomic_int *word, int seen, int reason, bool spin) {
  if (spin) {
    while (acquire(word) == seen);
    return;
  }
  atomic_int *self = &ring->sleeps[role][0];
  atomic_store(self, reason);
  if (acquire(word) == seen) futex_await();
  else if (atomic_exchange(self, AWAKE) == AWAKE) futex_await();
}

/* Changes a counter, and wakes the other side if it sleeps for that. */
INLINE void publish(atomic_int *counter, int value, int reason, bool spin) {
  if (spin) {
    atomic_store_explicit(counter, value, memory_order_release);
    return;
  }
  atomic_int *theirs = &ring->sleeps[!role][0];
  int expected = reason;
  atomic_store(counter, value);
  if (acquire(theirs) != reason) return;
  if (atomic_compare_exchange_strong(theirs, &expected, AWAKE)) futex_post();
}

INLINE unsigned char *ring_outgoing(bool spin) {
  while (sent - consumed_seen >= slots) {
    consumed_seen = acquire(&ring->consumed[role][0]);
    if (sent - consumed_seen < slots) break;
    await_change(&ring->consumed[role][0], consumed_seen, FOR_ROOM, spin);
  }
  return out_slots + (size_t)(sent & (slots - 1)) * slot_bytes;
}

INLINE void ring_send(bool spin) {
  publish(&ring->sent[role][0], ++sent, FOR_MESSAGE, spin);
}

INLINE unsigned char *ring_receive(bool spin) {
  atomic_int *arrived = &ring->sent[!role][0];
  publish(&ring->consumed[!role][0], received, FOR_ROOM, spin);
  while (acquire(arrived) == received) await_change(arrived, received, FOR_MESSAGE, spin);
  return in_slots + (size_t)(received++ & (slots - 1)) * slot_bytes;
}

INLINE unsigned char *sleeping_ring_outgoing(void) { return ring_outgoing(false); }
INLINE void sleeping_ring_send(size_t size) { (void)size, ring_send(false); }
INLINE unsigned char *sleeping_ring_receive(size_t size) { return (void)size, ring_receive(false); }
INLINE unsigned char *spinning_ring_outgoing(void) { return ring_outgoing(true); }
INLINE void spinning_ring_send(size_t size) { (void)size, ring_send(true); }
INLINE unsigned char *spinning_ring_receive(size_t size) { return (void)size, ring_receive(true); }

/* ---- notifiers -------------------------------------------------------------------------------- */

static void create_words(void) { words = shared(4096); }
static void nothing(void) {}

INLINE void doorbell_post(void) { check("write", write(to, out, 1)); }
INLINE void doorbell_await(void) { check("read", read(from, in, 1)); }

INLINE void eventfd_post(void) {
  uint64_t one = 1;
  check("write", write(to, &one, 8));
}

INLINE void eventfd_await(void) {
  uint64_t taken;
  check("read", read(from, &taken, 8));
}

INLINE void standard_signal_post(void) { send_signal(signal_number); }
INLINE void standard_signal_await(void) { check("sigwaitinfo", sigwaitinfo(&awaited, NULL)); }

INLINE void realtime_signal_post(void) {
  queue_signal(signal_number, 0);
}

INLINE void realtime_signal_await(void) {
  siginfo_t information;
  check("sigwaitinfo", sigwaitinfo(&awaited, &information));
}

enum { LOCKS = 3 };
static sem_t *semaphores[LOCKS];

static void create_semaphores(bool named, unsigned value) {
  char *memory = named ? NULL : shared(4096);
  for (int each = 0; each < LOCKS; each++) {
    if (named) {
      const char *called = name(0, "/ipc-taxonomy-reference-%d-%d");
      semaphores[each] = sem_open(called, O_CREAT | O_EXCL, 0600, value);
      if (semaphores[each] == SEM_FAILED) fail("sem_open");
      sem_unlink(called);
    } else {
      semaphores[each] = (sem_t *)(memory + each * 128);
      check("sem_init", sem_init(semaphores[each], 1, value));
    }
  }
}

static void create_named(void) { create_semaphores(true, 0); }
static void create_named_locks(void) { create_semaphores(true, 1); }
static void create_unnamed(void) { create_semaphores(false, 0); }
static void create_unnamed_locks(void) { create_semaphores(false, 1); }

INLINE void semaphore_post(void) { check("sem_post", sem_post(semaphores[role])); }
INLINE void semaphore_await(void) { check("sem_wait", sem_wait(semaphores[solo ? 0 : !role])); }

static int set;

static void create_set(int value) {
  set = check("semget", semget(IPC_PRIVATE, LOCKS, IPC_CREAT | 0600));
  for (int each = 0; each < LOCKS; each++) check("semctl", semctl(set, each, SETVAL, value));
}

static void create_sysv_notifier(void) { create_set(0); }
static void create_sysv_locks(void) { create_set(1); }
static void remove_set(void) { semctl(set, 0, IPC_RMID); }

INLINE void operate(int number, int change) {
  struct sembuf operation = { .sem_num = number, .sem_op = change };
  check("semop", semop(set, &operation, 1));
}

INLINE void sysv_semaphore_post(void) { operate(role, 1); }
INLINE void sysv_semaphore_await(void) { operate(solo ? 0 : !role, -1); }

struct condition {
  _Alignas(128) pthread_mutex_t mutex;
  _Alignas(64) pthread_cond_t condition;
  _Alignas(128) int posts;
};

static struct condition *conditions;

static void init_mutex(pthread_mutex_t *mutex) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(mutex, &attributes);
}

static void create_conditions(void) {
  conditions = shared(4096);
  for (int each = 0; each < 2; each++) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&conditions[each].condition, &attributes);
    init_mutex(&conditions[each].mutex);
  }
}

INLINE void zero(const char *what, int error) {
  errno = error;
  if (error != 0) fail(what);
}

INLINE void condition_post(void) {
  struct condition *theirs = &conditions[role];
  zero("pthread_mutex_lock", pthread_mutex_lock(&theirs->mutex));
  theirs->posts++;
  zero("pthread_cond_signal", pthread_cond_signal(&theirs->condition));
  zero("pthread_mutex_unlock", pthread_mutex_unlock(&theirs->mutex));
}

INLINE void condition_await(void) {
  struct condition *mine = &conditions[solo ? 0 : !role];
  zero("pthread_mutex_lock", pthread_mutex_lock(&mine->mutex));
  while (mine->posts == 0) {
    zero("pthread_cond_wait", pthread_cond_wait(&mine->condition, &mine->mutex));
  }
  mine->posts--;
  zero("pthread_mutex_unlock", pthread_mutex_unlock(&mine->mutex));
}

/* ---- locks ------------------------------------------------------------------------------------ */

static int lock_files[LOCKS];
static char lock_paths[LOCKS][64];
static struct { _Alignas(128) pthread_mutex_t mutex; } *mutexes;

static void create_lock_files(void) {
  for (int each = 0; each < LOCKS; each++) {
    snprintf(lock_paths[each], sizeof lock_paths[each], "/tmp/ipc-taxonomy-reference-%d-%d",
             (int)parent, each);
    close(check("open", open(lock_paths[each], O_RDWR | O_CREAT | O_EXCL, 0600)));
  }
}

/* Each participant opens the files for itself. */
static void attach_lock_files(void) {
  for (int each = 0; each < LOCKS; each++) {
    lock_files[each] = check("open", open(lock_paths[each], O_RDWR));
  }
  if (!solo) meet();
  if (role == 0) for (int each = 0; each < LOCKS; each++) unlink(lock_paths[each]);
}

static void create_mutexes(void) {
  mutexes = shared(4096);
  for (int each = 0; each < LOCKS; each++) init_mutex(&mutexes[each].mutex);
}

INLINE void record(int k, int command, int type) {
  struct flock range = { .l_type = type, .l_whence = SEEK_SET, .l_start = k, .l_len = 1 };
  check("fcntl", fcntl(lock_files[0], command, &range));
}

INLINE void fcntl_acquire(int k) { record(k, F_SETLKW, F_WRLCK); }
INLINE void fcntl_release(int k) { record(k, F_SETLKW, F_UNLCK); }
INLINE void ofd_acquire(int k) { record(k, F_OFD_SETLKW, F_WRLCK); }
INLINE void ofd_release(int k) { record(k, F_OFD_SETLKW, F_UNLCK); }
INLINE void flock_acquire(int k) { check("flock", flock(lock_files[k], LOCK_EX)); }
INLINE void flock_release(int k) { check("flock", flock(lock_files[k], LOCK_UN)); }
INLINE void mutex_acquire(int k) { zero("lock", pthread_mutex_lock(&mutexes[k].mutex)); }
INLINE void mutex_release(int k) { zero("unlock", pthread_mutex_unlock(&mutexes[k].mutex)); }
INLINE void semaphore_acquire(int k) { check("sem_wait", sem_wait(semaphores[k])); }
INLINE void semaphore_release(int k) { check("sem_post", sem_post(semaphores[k])); }
INLINE void set_acquire(int k) { operate(k, -1); }
INLINE void set_release(int k) { operate(k, 1); }

enum { FREE, HELD, WAITED_FOR };

INLINE void futex_acquire(int k) {
  int expected = FREE;
  atomic_int *word = &words[k].posts;
  if (atomic_compare_exchange_strong(word, &expected, HELD)) return;
  while (atomic_exchange(word, WAITED_FOR) != FREE) futex(word, FUTEX_WAIT, WAITED_FOR);
}

INLINE void futex_release(int k) {
  atomic_int *word = &words[k].posts;
  if (atomic_exchange(word, FREE) == WAITED_FOR) futex(word, FUTEX_WAKE, 1);
}

/* ---- the loops -------------------------------------------------------------------------------- */

struct task {
  unsigned count, lead, batch;
  unsigned noted, errors;
  uint64_t start, end;
};

/* The loop of whoever keeps the time: a stamp before each batch, and one behind the last. */
#define TIMED(OPERATION)                                     \
  unsigned total = task->lead + task->count, next = task->lead, noted = 0; \
  for (unsigned turn = 0; turn < total; turn++) {            \
    if (turn == next) {                                      \
      stamps[noted++] = now();                               \
      next += task->batch;                                   \
    }                                                        \
    OPERATION;                                               \
  }                                                          \
  stamps[noted++] = now();                                   \
  task->noted = noted;                                       \
  task->start = stamps[0];                                   \
  task->end = stamps[noted - 1];

typedef unsigned char *Outgoing(void);
typedef void Send(size_t);
typedef unsigned char *Receive(size_t);
typedef void Step(void);
typedef void OfLock(int);

INLINE void round_trip(struct task *task, Outgoing outgoing, Send give, Receive take) {
  if (role == 0) {
    unsigned errors = 0;
    TIMED(fill(outgoing(), turn, length); give(length); errors += examine(take(length), turn, length))
    task->errors = errors;
    return;
  }
  for (unsigned turn = 0; turn < task->lead + task->count; turn++) {
    task->errors += examine(take(length), turn, length);
    fill(outgoing(), turn, length);
    give(length);
  }
}

INLINE void throughput(struct task *task, Outgoing outgoing, Send give, Receive take) {
  unsigned turn = 0, total = task->lead + task->count;
  if (role == 0) {
    for (; turn < task->lead; turn++) fill(outgoing(), turn, length), give(length);
    task->start = now();
    for (; turn < total; turn++) fill(outgoing(), turn, length), give(length);
  } else {
    unsigned errors = 0;
    for (; turn < total; turn++) errors += examine(take(length), turn, length);
    task->errors = errors;
    task->end = now();
  }
}

INLINE void hand_off(struct task *task, Step post, Step await) {
  if (role == 0) {
    TIMED(post(); await())
  } else {
    for (unsigned turn = 0; turn < task->lead + task->count; turn++) await(), post();
  }
}

INLINE void uncontended_post(struct task *task, Step post, Step await) {
  TIMED(post(); await())
}

INLINE void uncontended(struct task *task, OfLock acquire, OfLock release) {
  TIMED(acquire(0); release(0))
}

INLINE int pass(int k, OfLock acquire, OfLock release) {
  release(k);
  acquire((k + 1) % LOCKS);
  return (k + 2) % LOCKS;
}

/* Three locks rotate, as lock_hand_off.ts explains. */
INLINE void lock_hand_off(struct task *task, OfLock acquire, OfLock release) {
  int k;
  if (role == 0) {
    k = 0;
    TIMED(k = pass(k, acquire, release))
  } else {
    acquire(0);
    k = 1;
    for (unsigned turn = 1; turn < task->lead + task->count; turn++) k = pass(k, acquire, release);
  }
  release(k);
  release((k + 2) % LOCKS);
}

INLINE void hold(OfLock acquire) {
  if (role == 0) acquire(0), acquire(2);
  else acquire(1);
}

#define ROUND_TRIP(kind, outgoing, give, take) \
  static void kind##_round_trip(struct task *task) { round_trip(task, outgoing, give, take); }

#define CHANNEL(kind, outgoing, give, take) \
  ROUND_TRIP(kind, outgoing, give, take)    \
  static void kind##_throughput(struct task *task) { throughput(task, outgoing, give, take); }

#define NOTIFIER(kind)                                                                             \
  static void kind##_hand_off(struct task *task) { hand_off(task, kind##_post, kind##_await); }    \
  static void kind##_alone(struct task *task) { uncontended_post(task, kind##_post, kind##_await); }

#define LOCK(kind)                                                                                \
  static void kind##_hold(void) { hold(kind##_acquire); }                                         \
  static void kind##_uncontended(struct task *task) {                                             \
    uncontended(task, kind##_acquire, kind##_release);                                            \
  }                                                                                               \
  static void kind##_lock_hand_off(struct task *task) {                                           \
    lock_hand_off(task, kind##_acquire, kind##_release);                                          \
  }

CHANNEL(stream, stream_outgoing, stream_send, stream_receive)
CHANNEL(socket, socket_outgoing, socket_send, socket_receive)
CHANNEL(udp, udp_outgoing, udp_send, udp_receive)
CHANNEL(mq, mq_outgoing, mq_send_one, mq_receive_one)
CHANNEL(sysv, sysv_outgoing, sysv_send, sysv_receive)
ROUND_TRIP(counter, counter_outgoing, counter_send, counter_receive)
ROUND_TRIP(realtime, realtime_outgoing, realtime_send, realtime_receive)
CHANNEL(sleeping_ring, sleeping_ring_outgoing, sleeping_ring_send, sleeping_ring_receive)
CHANNEL(spinning_ring, spinning_ring_outgoing, spinning_ring_send, spinning_ring_receive)
NOTIFIER(doorbell)
NOTIFIER(eventfd)
NOTIFIER(standard_signal)
NOTIFIER(realtime_signal)
NOTIFIER(semaphore)
NOTIFIER(sysv_semaphore)
NOTIFIER(condition)
NOTIFIER(futex)
LOCK(fcntl)
LOCK(ofd)
LOCK(flock)
LOCK(mutex)
LOCK(semaphore)
LOCK(set)
LOCK(futex)

/* ---- all of it by name ------------------------------------------------------------------------ */

typedef void Loop(struct task *);

struct cell {
  const char *facility, *workload, *wait;
  Step *create, *attach, *prepare, *remove;
  Loop *loop;
};

#define OVER_CHANNEL(facility, create, attach, remove, kind)                             \
  { facility, "round-trip", "", create, attach, nothing, remove, kind##_round_trip },    \
  { facility, "throughput", "", create, attach, nothing, remove, kind##_throughput }


#define OVER_MEMORY(facility, create)                                                             \
  { facility, "round-trip", "futex", create, attach_ring, nothing, nothing, sleeping_ring_round_trip }, \
  { facility, "throughput", "futex", create, attach_ring, nothing, nothing, sleeping_ring_throughput }, \
  { facility, "round-trip", "spin", create, attach_ring, nothing, nothing, spinning_ring_round_trip },  \
  { facility, "throughput", "spin", create, attach_ring, nothing, nothing, spinning_ring_throughput }

#define WITH_NOTIFIER(facility, create, attach, remove, kind)                            \
  { facility, "hand-off", "", create, attach, nothing, remove, kind##_hand_off },        \
  { facility, "uncontended-post", "", create, attach, nothing, remove, kind##_alone }

#define WITH_LOCK(facility, create, attach, remove, kind)                                \
  { facility, "uncontended", "", create, attach, nothing, remove, kind##_uncontended },  \
  { facility, "lock-hand-off", "", create, attach, kind##_hold, remove, kind##_lock_hand_off }

static const struct cell cells[] = {
  OVER_CHANNEL("pipe", create_pipe, attach_ends, nothing, stream),
  OVER_CHANNEL("fifo", create_fifo, attach_ends, nothing, stream),
  OVER_CHANNEL("unix-stream", create_unix_stream, attach_ends, nothing, stream),
  OVER_CHANNEL("tcp", create_tcp, attach_ends, nothing, stream),
  OVER_CHANNEL("pseudoterminal", create_pty, attach_ends, nothing, stream),
  OVER_CHANNEL("sysv-message-queue", create_sysv_queue, attach_sysv_queue, remove_sysv_queue, sysv),
  OVER_CHANNEL("posix-message-queue", create_mq, attach_ends, nothing, mq),
  OVER_CHANNEL("unix-datagram", create_unix_datagram, attach_ends, nothing, socket),
  OVER_CHANNEL("unix-seqpacket", create_unix_seqpacket, attach_ends, nothing, socket),
  OVER_CHANNEL("udp", create_udp, attach_udp, nothing, udp),
  OVER_MEMORY("sysv-shared-memory", create_sysv_shm),
  OVER_MEMORY("posix-shared-memory", create_posix_shm),
  OVER_MEMORY("anonymous-mapping", create_anonymous),
  OVER_MEMORY("file-mapping", create_file),
  OVER_MEMORY("memfd", create_memfd),
  { "realtime-signal", "round-trip", "", create_realtime_signal, attach_signal, nothing, nothing,
    realtime_round_trip },
  { "eventfd", "round-trip", "", create_eventfds, attach_ends, nothing, nothing, counter_round_trip },
  WITH_NOTIFIER("pipe", create_pipe, attach_ends, nothing, doorbell),
  WITH_NOTIFIER("fifo", create_fifo, attach_ends, nothing, doorbell),
  WITH_NOTIFIER("standard-signal", create_standard_signal, attach_signal, nothing, standard_signal),
  WITH_NOTIFIER("realtime-signal", create_realtime_signal, attach_signal, nothing, realtime_signal),
  WITH_NOTIFIER("sysv-semaphore", create_sysv_notifier, nothing, remove_set, sysv_semaphore),
  WITH_NOTIFIER("posix-named-semaphore", create_named, nothing, nothing, semaphore),
  WITH_NOTIFIER("posix-unnamed-semaphore", create_unnamed, nothing, nothing, semaphore),
  WITH_NOTIFIER("condition-variable", create_conditions, nothing, nothing, condition),
  WITH_NOTIFIER("eventfd", create_eventfds, attach_ends, nothing, eventfd),
  WITH_NOTIFIER("futex", nothing, nothing, nothing, futex),
  WITH_LOCK("sysv-semaphore", create_sysv_locks, nothing, remove_set, set),
  WITH_LOCK("posix-named-semaphore", create_named_locks, nothing, nothing, semaphore),
  WITH_LOCK("posix-unnamed-semaphore", create_unnamed_locks, nothing, nothing, semaphore),
  WITH_LOCK("fcntl-lock", create_lock_files, attach_lock_files, nothing, fcntl),
  WITH_LOCK("ofd-lock", create_lock_files, attach_lock_files, nothing, ofd),
  WITH_LOCK("flock", create_lock_files, attach_lock_files, nothing, flock),
  WITH_LOCK("mutex", create_mutexes, nothing, nothing, mutex),
  WITH_LOCK("futex", nothing, nothing, nothing, futex),
};

enum { CELLS = sizeof cells / sizeof cells[0] };

static const struct cell *find(const char *facility, const char *workload, const char *wait) {
  for (int each = 0; each < CELLS; each++) {
    const struct cell *cell = &cells[each];
    if (!strcmp(cell->facility, facility) && !strcmp(cell->workload, workload) &&
        !strcmp(cell->wait, wait)) return cell;
  }
  return NULL;
}

static void pin(int cpu) {
  if (cpu < 0) return;
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(cpu, &only);
  check("sched_setaffinity", sched_setaffinity(0, sizeof only, &only));
}

/* Does what the page orders, together with the other participant. */
static struct task obey(const struct cell *cell) {
  struct task task = { .count = page->count, .lead = page->lead, .batch = page->batch };
  cell->prepare();
  meet();
  cell->loop(&task);
  if (task.start != 0) page->start = task.start;
  if (task.end != 0) page->end = task.end;
  page->errors += task.errors;
  meet();
  return task;
}

static void follow(const struct cell *cell) {
  for (;;) {
    meet();
    if (page->done) return;
    obey(cell);
  }
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

static double median(unsigned noted, unsigned batch) {
  static double samples[MOST_STAMPS];
  unsigned count = noted - 1;
  for (unsigned at = 0; at < count; at++) {
    samples[at] = (double)(stamps[at + 1] - stamps[at]) / batch;
  }
  qsort(samples, count, sizeof samples[0], ascending);
  return count % 2 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

static void lead(const struct cell *cell) {
  unsigned count, before, batch;
  while (scanf("%u %u %u", &count, &before, &batch) == 3) {
    if (batch == 0 || count == 0 || count / batch > MOST_STAMPS) {
      fprintf(stderr, "cannot do %u operations in batches of %u\n", count, batch);
      exit(2);
    }
    page->count = count, page->lead = before, page->batch = batch;
    page->errors = 0;
    if (parties > 1) meet();
    struct task task = obey(cell);
    uint64_t elapsed = page->end - page->start;
    bool rate = !strcmp(cell->workload, "throughput");
    double estimate = rate ? (double)count * length * 1e9 / elapsed : median(task.noted, batch);
    printf("{\"estimate\":%.3f,\"operations\":%u,\"nanoseconds\":%llu,\"errors\":%u}\n",
           estimate, count, (unsigned long long)elapsed, page->errors);
    fflush(stdout);
  }
  page->done = true;
  if (parties > 1) meet();
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "--list")) {
    for (int each = 0; each < CELLS; each++) {
      printf("%s %s %s\n", cells[each].facility, cells[each].workload, cells[each].wait);
    }
    return 0;
  }
  if (argc > 3 && !strcmp(argv[1], "--on")) {
    pin(atoi(argv[2]));
    execvp(argv[3], argv + 3);
    fail(argv[3]);
  }
  if (argc < 7) {
    fprintf(stderr, "usage: %s FACILITY WORKLOAD BYTES LARGEST CPU CPU [WAIT]\n", argv[0]);
    return 2;
  }
  const struct cell *cell = find(argv[1], argv[2], argc > 7 ? argv[7] : "");
  if (!cell) {
    fprintf(stderr, "there is no cell %s %s\n", argv[1], argv[2]);
    return 2;
  }
  length = strtoul(argv[3], NULL, 10);
  largest = strtoul(argv[4], NULL, 10);
  most_slots = strcmp(cell->wait, "spin") ? 64 : 16;
  if (largest < 8) largest = 8; /* an eventfd's number */
  parent = getpid();
  solo = !strncmp(cell->workload, "uncontended", 11);
  parties = solo ? 1 : 2;

  page = shared(sizeof *page);
  create_words();
  remove_objects = cell->remove;
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  cell->create();
  memset(stamps, 1, sizeof stamps);
  pid_t child = 0;
  if (!solo) {
    child = check("fork", fork());
    role = child == 0;
    if (role == 1) check("prctl", prctl(PR_SET_PDEATHSIG, SIGKILL));
  }
  pin(atoi(argv[5 + role]));
  cell->attach();
  mlockall(MCL_CURRENT | MCL_FUTURE);
  if (role == 1) {
    follow(cell);
    return 0;
  }
  lead(cell);
  if (child > 0) waitpid(child, NULL, 0);
  cell->remove();
  return 0;
}
