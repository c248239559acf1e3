/* test_sandbox_run.c - what a process that may run one program can do
 *
 * Each deed is done in a child; each also as somebody without privileges.
 * Without cages, or under a sanitizer, all are skipped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/sandbox_run.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAGED 0
#elif defined(__has_feature)
#define CAGED (MAILSEAL_CAGES && !__has_feature(address_sanitizer) && \
	       !__has_feature(thread_sanitizer))
#else
#define CAGED MAILSEAL_CAGES
#endif

#define NOBODY		65534
#define PROGRAM		"/usr/bin/env"
#define ANOTHER		"/usr/bin/id"

enum end { END_WENT = 0, END_REFUSED = 1, END_NO_CAGE = 2, END_OLD = 3 };

typedef enum end deed(void);

static char keep[64], inside[80], linked[80];
static struct sandbox_state state;

static enum end went(long result)
{
	return result < 0 ? END_REFUSED : END_WENT;
}

static enum end do_read(void)
{
	return went(open("/usr/bin/env", O_RDONLY | O_CLOEXEC));
}

static enum end do_read_secret(void)
{
	return went(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static enum end do_write_outside(void)
{
	return went(open("/tmp/mailseal-never", O_WRONLY | O_CREAT, 0600));
}

/* As gpg locks and replaces its files. */
static enum end do_keep(void)
{
	int fd = open(inside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1 || link(inside, linked) < 0 ||
	    rename(linked, inside) < 0 || unlink(inside) < 0)
		return END_REFUSED;
	(void)unlink(linked);
	return END_WENT;
}

static enum end do_device(void)
{
	return went(open("/dev/null", O_RDWR | O_CLOEXEC));
}

static enum end run(const char *program)
{
	char *const argv[] = { (char *)(uintptr_t)"x", NULL };
	int status, out;
	pid_t pid = fork();

	if (pid < 0)
		return END_REFUSED;
	if (pid == 0) {
		out = open("/dev/null", O_WRONLY);
		(void)dup2(out, 1);
		(void)execv(program, argv);
		_exit(END_REFUSED);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return END_NO_CAGE;
	return (enum end)WEXITSTATUS(status);
}

static enum end do_run(void)
{
	return run(PROGRAM);
}

static enum end do_run_another(void)
{
	return run(ANOTHER);
}

/* A program that it wrote itself. */
static enum end do_run_kept(void)
{
	int from = open(PROGRAM, O_RDONLY | O_CLOEXEC), to;
	char room[4096];
	ssize_t got;

	(void)unlink(inside);
	to = open(inside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	while ((got = read(from, room, sizeof(room))) > 0)
		if (write(to, room, (size_t)got) != got)
			return END_NO_CAGE;
	(void)close(to);
	return run(inside);
}

static enum end do_unix_socket(void)
{
	return went(socket(AF_UNIX, SOCK_STREAM, 0));
}

static enum end do_udp(void)
{
	return went(socket(AF_INET, SOCK_DGRAM, 0));
}

static enum end do_tcp(void)
{
	return went(socket(AF_INET6, SOCK_STREAM, 0));
}

static enum end do_netlink(void)
{
	return went(socket(AF_NETLINK, SOCK_RAW, 0));
}

static enum end do_trace(void)
{
	return went(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static enum end do_namespace(void)
{
	return went(unshare(CLONE_NEWUSER));
}

static enum end do_mount(void)
{
	return went(mount("none", keep, "tmpfs", 0, NULL));
}

static enum end do_signal_outside(void)
{
	return went(kill(getppid(), SIGUSR1));
}

/* Landlock keeps even the allowed signals in, where the kernel can. */
static enum end do_ask_outside(void)
{
	if (state.landlock_abi < 6)
		return END_OLD;
	return went(kill(getppid(), 0));
}

static enum end do_kill_own(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		for (;;)
			(void)pause();
	if (pid < 0 || kill(pid, SIGKILL) < 0 ||
	    waitpid(pid, &status, 0) != pid)
		return END_REFUSED;
	return END_WENT;
}

static enum end in_cage(deed *act, uid_t uid)
{
	static const char *const look[] = { "/usr", "/lib", "/lib64",
		"/etc/ld.so.cache", "/nonexistent", NULL };
	static const char *const use[] = { "/dev/null", NULL };
	const char *const programs[] = { PROGRAM, sandbox_loader(), NULL };
	const char *const keeps[] = { keep, NULL };
	struct sandbox_plan plan = { look, use, programs, keeps };
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if ((uid != 0 && setresuid(uid, uid, uid) < 0) ||
		    sandbox_begin() < 0 ||
		    sandbox_lock_run(&plan, &state) < 0 || !state.seccomp ||
		    !state.no_new_privs || !state.no_core)
			_exit(END_NO_CAGE);
		_exit(act());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return (enum end)WEXITSTATUS(status);
}

static void ends(deed *act, enum end wanted)
{
	static const uid_t users[] = { 0, NOBODY };
	enum end end;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (geteuid() != 0 && users[i] != 0)
			continue;
		end = in_cage(act, users[i]);
		if (end == END_OLD)
			print_message("this kernel is too old for one\n");
		else
			assert_int_equal(end, wanted);
	}
}

static void test_may(void **ctx)
{
	static deed *const deeds[] = { do_read, do_keep, do_device, do_run,
		do_unix_socket, do_kill_own };
	size_t i;

	(void)ctx;
	if (!CAGED)
		skip();
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		ends(deeds[i], END_WENT);
}

static void test_may_not(void **ctx)
{
	static deed *const deeds[] = { do_read_secret, do_write_outside,
		do_run_another, do_run_kept, do_udp, do_tcp, do_netlink,
		do_trace, do_namespace, do_mount, do_signal_outside,
		do_ask_outside };
	size_t i;

	(void)ctx;
	if (!CAGED)
		skip();
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		ends(deeds[i], END_REFUSED);
}

/* A folder that has to be there and is not: no cage, no work. */
static void test_missing(void **ctx)
{
	static const char *const keeps[] = { "/nonexistent/folder", NULL };
	struct sandbox_plan plan = { NULL, NULL, NULL, keeps };
	int status;
	pid_t pid;

	(void)ctx;
	if (!CAGED)
		skip();
	pid = fork();
	if (pid == 0)
		_exit(sandbox_lock_run(&plan, &state) < 0 ||
		      state.landlock_abi == 0 ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int setup(void **ctx)
{
	(void)ctx;
	(void)snprintf(keep, sizeof(keep), "/tmp/ms-run.XXXXXX");
	if (mkdtemp(keep) == NULL || chmod(keep, 0777) < 0)
		return -1;
	(void)snprintf(inside, sizeof(inside), "%s/file", keep);
	(void)snprintf(linked, sizeof(linked), "%s/link", keep);
	return 0;
}

static int teardown(void **ctx)
{
	(void)ctx;
	(void)unlink(inside);
	(void)unlink(linked);
	return rmdir(keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_may),
		cmocka_unit_test(test_may_not),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
