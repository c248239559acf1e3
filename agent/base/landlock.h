/* landlock.h - which files and sockets a process may still name
 *
 * landlock(7).  What a ruleset does not allow is refused: files of every
 * kind, TCP, and (where the kernel can) abstract sockets and signals outside.
 * It does not stop UDP or sockets with a name in the file system. */
#ifndef MAILSEAL_BASE_LANDLOCK_H
#define MAILSEAL_BASE_LANDLOCK_H

#include "agent/base/sandbox.h"

enum landlock_may {
	LANDLOCK_LOOK,		/* read what is there or beneath */
	LANDLOCK_RUN,		/* read and execute this file */
	LANDLOCK_USE,		/* read and write this file */
	LANDLOCK_KEEP		/* read, write, make and remove files beneath */
};

/* A ruleset that allows nothing but TCP for SANDBOX_NET.  Its descriptor; -1:
 * this kernel has no Landlock; ERR_IO. */
int landlock_new(enum sandbox_net net, int *abi);

/* 0; ERR_IO, with errno ENOENT: there is no such path. */
int landlock_allow(int ruleset, const char *path, enum landlock_may may);

/* From now on, for this thread and what it starts.  Closes the ruleset.
 * 0; ERR_IO. */
int landlock_enter(int ruleset);

#endif
