/* sandbox_run.h - a cage in which one program may be run
 *
 * For a role whose work another program does (gpg).  Cages are inherited: what
 * the program may do, the role may, and no more.
 * In force: no new privileges, no core files; of the file system what the plan
 * names; sockets of the Unix family alone; no other user's or namespace's
 * business; system calls that are not on the list fail (programs of many
 * versions try many: they are not killed for it).
 * Not in force: a socket with a name in the file system can be connected to,
 * for neither seccomp nor Landlock sees the name; and the program's own memory
 * may be executable. */
#ifndef MAILSEAL_BASE_SANDBOX_RUN_H
#define MAILSEAL_BASE_SANDBOX_RUN_H

#include "agent/base/sandbox.h"

/* Lists end with NULL.  What is not there is left out, but for `run` and
 * `keep`. */
struct sandbox_plan {
	const char *const *look;	/* read, with all beneath */
	const char *const *use;		/* devices: read and write */
	const char *const *run;		/* programs */
	const char *const *keep;	/* folders to read and write */
};

/* 0; ERR_UNSUPPORTED: no seccomp; ERR_IO. Without MAILSEAL_CAGES nothing is
 * locked. */
int sandbox_lock_run(const struct sandbox_plan *plan,
		     struct sandbox_state *out);

/* The program that loads this one (ld.so), which executing needs as well.
 * NULL: there is none. */
const char *sandbox_loader(void);

#endif
