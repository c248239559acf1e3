/* sandbox_run.c - a cage in which one program may be run */
#include "agent/base/sandbox_run.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "agent/base/err.h"
#include "agent/base/landlock.h"

#define CALLS_END	(-1)

/* Beside sandbox_calls_compute: files (Landlock says which), programs and
 * their ends, sockets (below says which), memory. */
static const int run_calls[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(creat), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(getdents),
	SCMP_SYS(getdents64), SCMP_SYS(pwrite64), SCMP_SYS(truncate),
	SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(flock),
	SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(chmod), SCMP_SYS(fchmod),
	SCMP_SYS(utimensat), SCMP_SYS(umask), SCMP_SYS(fcntl),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(pipe),
	SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(signalfd4),
	SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(mlock),
	SCMP_SYS(mlock2), SCMP_SYS(munlock), SCMP_SYS(arch_prctl),
	SCMP_SYS(execve), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(wait4),
	SCMP_SYS(waitid), SCMP_SYS(tgkill), SCMP_SYS(setpgid),
	SCMP_SYS(getpgid), SCMP_SYS(getpgrp), SCMP_SYS(getsid),
	SCMP_SYS(getppid), SCMP_SYS(getgroups), SCMP_SYS(alarm),
	SCMP_SYS(setitimer), SCMP_SYS(getitimer), SCMP_SYS(times),
	SCMP_SYS(clock_getres), SCMP_SYS(prlimit64), SCMP_SYS(getrlimit),
	SCMP_SYS(setrlimit), SCMP_SYS(close_range),
	SCMP_SYS(get_robust_list), SCMP_SYS(connect), SCMP_SYS(sendto),
	SCMP_SYS(recvfrom), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(shutdown),
	CALLS_END
};

/* Calls that are allowed for certain values of one argument. */
static const struct argument_rule {
	int call;
	unsigned argument;
	uint64_t value;
} argument_rules[] = {
	{ SCMP_SYS(socket), 0, AF_UNIX },
	{ SCMP_SYS(socketpair), 0, AF_UNIX },
	/* Whether a process is there; and the end of those in this cage
	 * (Landlock keeps signals in, where the kernel can). */
	{ SCMP_SYS(kill), 1, 0 },
	{ SCMP_SYS(kill), 1, SIGTERM },
	{ SCMP_SYS(kill), 1, SIGKILL },
	{ SCMP_SYS(prctl), 0, PR_SET_PDEATHSIG },
	{ SCMP_SYS(prctl), 0, PR_GET_DUMPABLE },
	{ SCMP_SYS(prctl), 0, PR_SET_DUMPABLE },
	{ SCMP_SYS(prctl), 0, PR_SET_NAME },
	/* Is it a terminal, and how wide: nothing is typed into one. */
	{ SCMP_SYS(ioctl), 1, TCGETS },
	{ SCMP_SYS(ioctl), 1, TIOCGWINSZ },
	{ SCMP_SYS(ioctl), 1, FIONREAD },
};

static int add_calls(scmp_filter_ctx filter, const int *calls)
{
	for (; *calls != CALLS_END; calls++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, *calls, 0) < 0)
			return ERR_IO;
	return 0;
}

static int add_rules(scmp_filter_ctx filter)
{
	static const uint64_t spaces = CLONE_NEWUSER | CLONE_NEWNS |
		CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
		CLONE_NEWCGROUP;
	const struct argument_rule *rule = argument_rules;
	size_t count = sizeof(argument_rules) / sizeof(argument_rules[0]);
	int r = 0;

	for (; count > 0; count--, rule++)
		r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, rule->call, 1,
				      SCMP_CMP(rule->argument, SCMP_CMP_EQ,
					       rule->value, 0));
	/* Processes and threads, in no namespace of their own; clone3 hides
	 * its flags and has to go. */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			      SCMP_A0(SCMP_CMP_MASKED_EQ, spaces, 0));
	r |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
			      SCMP_SYS(clone3), 0);
	return r < 0 ? ERR_IO : 0;
}

static int calls_lock(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r = ERR_UNSUPPORTED;

	if (filter == NULL)
		return r;
	r = add_calls(filter, sandbox_calls_compute);
	if (r == 0)
		r = add_calls(filter, run_calls);
	if (r == 0)
		r = add_rules(filter);
	if (r == 0 && seccomp_load(filter) < 0)
		r = ERR_UNSUPPORTED;
	seccomp_release(filter);
	return r;
}

static int allow_all(int ruleset, const char *const *paths,
		     enum landlock_may may)
{
	bool needed = may == LANDLOCK_RUN || may == LANDLOCK_KEEP;

	for (; paths != NULL && *paths != NULL; paths++)
		if (landlock_allow(ruleset, *paths, may) < 0 &&
		    (needed || errno != ENOENT))
			return ERR_IO;
	return 0;
}

static int files_lock(const struct sandbox_plan *plan,
		      struct sandbox_state *out)
{
	int ruleset = landlock_new(SANDBOX_NO_NET, &out->landlock_abi);
	int r;

	if (out->landlock_abi == 0)
		return 0;
	if (ruleset < 0)
		return ERR_IO;
	r = allow_all(ruleset, plan->look, LANDLOCK_LOOK);
	if (r == 0)
		r = allow_all(ruleset, plan->use, LANDLOCK_USE);
	if (r == 0)
		r = allow_all(ruleset, plan->run, LANDLOCK_RUN);
	if (r == 0)
		r = allow_all(ruleset, plan->keep, LANDLOCK_KEEP);
	if (r == 0)
		r = landlock_enter(ruleset);
	out->landlock = r == 0;
	return r;
}

int sandbox_lock_run(const struct sandbox_plan *plan,
		     struct sandbox_state *out)
{
	int r;

	sandbox_look(out);
	if (!MAILSEAL_CAGES)
		return 0;
	r = files_lock(plan, out);
	if (r == 0)
		r = calls_lock();
	out->seccomp = r == 0;
	return r;
}

/* Of the program that runs: PT_INTERP of its own headers. */
static int loader_find(struct dl_phdr_info *info, size_t size, void *ctx)
{
	const char **loader = ctx;
	size_t i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			*loader = (const char *)(uintptr_t)(info->dlpi_addr +
				info->dlpi_phdr[i].p_vaddr);
	return 1;			/* the first one is the program */
}

const char *sandbox_loader(void)
{
	const char *loader = NULL;

	(void)dl_iterate_phdr(loader_find, &loader);
	return loader;
}
