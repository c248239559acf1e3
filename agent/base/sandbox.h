/* sandbox.h - locking a process in
 *
 * prctl(2), landlock(7), seccomp(2).  A role prepares what it needs from the
 * file system, locks itself in, and only then looks at a stranger's byte.
 * Does not do: know roles; a role names the calls it makes. */
#ifndef MAILSEAL_BASE_SANDBOX_H
#define MAILSEAL_BASE_SANDBOX_H

#include <stdbool.h>

/* What is in force; `mailseal status` shows it. */
struct sandbox_state {
	bool no_new_privs;
	bool undumpable;
	bool no_core;
	bool seccomp;
	bool landlock;
	int landlock_abi;
	bool memory_locked;	/* sandbox_lock() leaves it; the keeper's */
};

/* SANDBOX_ALONE: no network, no thread, and nothing that fails softly; the
 * calls that are named and plain memory, or death. */
enum sandbox_net { SANDBOX_NO_NET, SANDBOX_NET, SANDBOX_ALONE };

/* Computing on descriptors that were handed over, threads, memory; ends with
 * -1.  SANDBOX_NET adds sockets of the internet families. */
extern const int sandbox_calls_compute[];

/* The same, and writing so that it stays: to files that were handed over, and
 * memory that is not swapped. */
extern const int sandbox_calls_record[];

/* Answering over descriptors that are there already, and no more: with
 * SANDBOX_ALONE. */
extern const int sandbox_calls_least[];

/* Environment emptied, no new privileges, not dumpable, no core files, umask
 * 077.  0 or ERR_IO. */
int sandbox_begin(void);

/* What is in force before any lock. */
void sandbox_look(struct sandbox_state *out);

/* No file system, no network but `net`, no system call but `calls`: whoever
 * makes another one is killed (a few harmless ones fail).  Seccomp binds all
 * threads, Landlock the calling one and those it starts: so lock first, start
 * threads afterwards.  Without MAILSEAL_CAGES nothing is locked; without
 * Landlock in the kernel seccomp alone stands; *out says so.  0;
 * ERR_UNSUPPORTED: this kernel has no seccomp; ERR_IO. */
int sandbox_lock(const int *calls, enum sandbox_net net,
		 struct sandbox_state *out);

#endif
