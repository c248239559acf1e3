/* sandbox.c - no privileges, no dumps, no files, few system calls */
#include "agent/base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/base/landlock.h"

#define CALLS_END	(-1)

#define CALLS_COMPUTE \
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), \
	SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(close), \
	SCMP_SYS(fstat), SCMP_SYS(ftruncate), SCMP_SYS(memfd_create), \
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(poll), SCMP_SYS(ppoll), \
	SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), \
	SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2), SCMP_SYS(pipe2), \
	SCMP_SYS(futex), SCMP_SYS(munmap), SCMP_SYS(mremap), \
	SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(clock_gettime), \
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), \
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), \
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), \
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit), \
	SCMP_SYS(exit_group), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), \
	SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(getuid), \
	SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), \
	SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(sched_yield), \
	SCMP_SYS(sched_getaffinity), SCMP_SYS(restart_syscall), \
	SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrusage), \
	SCMP_SYS(set_tid_address)

const int sandbox_calls_compute[] = { CALLS_COMPUTE, CALLS_END };

const int sandbox_calls_record[] = {
	CALLS_COMPUTE,
	SCMP_SYS(fdatasync), SCMP_SYS(fallocate), SCMP_SYS(mlock),
	SCMP_SYS(munlock), CALLS_END
};

const int sandbox_calls_least[] = {
	SCMP_SYS(poll), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
	SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(close),
	SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(getpid),
	SCMP_SYS(futex), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
	SCMP_SYS(exit_group), CALLS_END
};

static const int network_calls[] = {
	SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(sendto),
	SCMP_SYS(recvfrom), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(shutdown),
	SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),
	SCMP_SYS(socketpair),	/* libevent wakes itself up; leads nowhere */
	CALLS_END
};

/* Libraries try these and live without them. */
static const int failing_calls[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(statx), SCMP_SYS(ioctl), SCMP_SYS(prctl),
	SCMP_SYS(sched_setaffinity), SCMP_SYS(getcwd), CALLS_END
};

int sandbox_begin(void)
{
	struct rlimit none = { 0, 0 };

	(void)umask(077);
	if (clearenv() != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return ERR_IO;
	if (MAILSEAL_CAGES && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return ERR_IO;
	return 0;
}

/* Nothing is allowed. */
static int files_lock(enum sandbox_net net, struct sandbox_state *out)
{
	int ruleset = landlock_new(net, &out->landlock_abi);

	if (out->landlock_abi == 0)
		return 0;		/* seccomp stands alone */
	out->landlock = ruleset >= 0 && landlock_enter(ruleset) == 0;
	return out->landlock ? 0 : ERR_IO;
}

static int add_calls(scmp_filter_ctx filter, uint32_t action,
		     const int *calls)
{
	for (; *calls != CALLS_END; calls++)
		if (seccomp_rule_add(filter, action, *calls, 0) < 0)
			return ERR_IO;
	return 0;
}

/* Calls that are allowed only with certain arguments. */
static int add_special(scmp_filter_ctx filter, enum sandbox_net net)
{
	static const int controls[] = {
		F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GET_SEALS, F_ADD_SEALS,
		F_DUPFD_CLOEXEC
	};
	static const int families[] = { AF_INET, AF_INET6 };
	size_t i;
	int r = 0;

	/* Memory is never made executable.  (The second datum, 0, is unused
	 * but where a mask is compared.) */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (net == SANDBOX_ALONE)
		return r < 0 ? ERR_IO : 0;
	/* Threads, no processes; clone3 hides its flags and has to go. */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			      SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD,
				      CLONE_THREAD));
	r |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
			      SCMP_SYS(clone3), 0);
	/* abort(), and nobody else. */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			      SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(),
				      0));
	/* fstat(); with a path it fails, as stat() does. */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
			      SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH, 0));
	r |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
			      SCMP_SYS(newfstatat), 1,
			      SCMP_A3(SCMP_CMP_NE, AT_EMPTY_PATH, 0));
	/* getrlimit() of this process; set nothing, nobody else's. */
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
			      SCMP_A0(SCMP_CMP_EQ, 0, 0),
			      SCMP_A2(SCMP_CMP_EQ, 0, 0));
	for (i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl),
				      1, SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)
						 controls[i], 0));
	for (i = 0; net == SANDBOX_NET && i < 2; i++)
		r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW,
				      SCMP_SYS(socket), 1,
				      SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)
					      families[i], 0));
	return r < 0 ? ERR_IO : 0;
}

static int seccomp_enter(const int *calls, enum sandbox_net net)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = ERR_UNSUPPORTED;

	if (filter == NULL)
		return r;
	r = add_calls(filter, SCMP_ACT_ALLOW, calls);
	if (r == 0 && net == SANDBOX_NET)
		r = add_calls(filter, SCMP_ACT_ALLOW, network_calls);
	if (r == 0 && net != SANDBOX_ALONE)
		r = add_calls(filter, SCMP_ACT_ERRNO(EPERM), failing_calls);
	if (r == 0)
		r = add_special(filter, net);
	if (r == 0 && (seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) < 0 ||
		       seccomp_load(filter) < 0))
		r = ERR_UNSUPPORTED;
	seccomp_release(filter);
	return r;
}

void sandbox_look(struct sandbox_state *out)
{
	struct rlimit core;

	memset(out, 0, sizeof(*out));
	out->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	out->undumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
	out->no_core = getrlimit(RLIMIT_CORE, &core) == 0 &&
		       core.rlim_max == 0;
}

int sandbox_lock(const int *calls, enum sandbox_net net,
		 struct sandbox_state *out)
{
	int r;

	sandbox_look(out);
	if (!MAILSEAL_CAGES)
		return 0;
	r = files_lock(net, out);
	if (r == 0)
		r = seccomp_enter(calls, net);
	out->seccomp = r == 0;
	return r;
}
