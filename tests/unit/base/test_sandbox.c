/* test_sandbox.c - what a locked-in process can no longer do
 *
 * Each deed is done in a child, which is killed, or ends with a word on how
 * it went; each also as somebody without privileges.  Without cages, or under
 * a sanitizer that needs what they forbid, all are skipped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/memfile.h"
#include "agent/base/sandbox.h"
#include "agent/base/workers.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAGED 0
#elif defined(__has_feature)
#define CAGED (MAILSEAL_CAGES && !__has_feature(address_sanitizer) && \
	       !__has_feature(thread_sanitizer))
#else
#define CAGED MAILSEAL_CAGES
#endif

#define NOBODY 65534

/* How a child ended. */
enum end { END_WENT = 0, END_REFUSED = 1, END_NO_CAGE = 2, END_KILLED = 3,
	   END_OLD_KERNEL = 4 };

typedef enum end deed(void);

static void skip_uncaged(void)
{
	if (CAGED)
		return;
	print_message("skipped: no cages in this build\n");
	skip();
}

static enum end went(long result)
{
	return result < 0 ? END_REFUSED : END_WENT;
}

static enum end in_cage(deed *act, enum sandbox_net net, uid_t uid)
{
	struct sandbox_state state;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if ((uid != 0 && setresuid(uid, uid, uid) < 0) ||
		    sandbox_begin() < 0 ||
		    sandbox_lock(sandbox_calls_compute, net, &state) < 0 ||
		    !state.seccomp || !state.no_new_privs || !state.no_core ||
		    !state.undumpable)
			_exit(END_NO_CAGE);
		_exit(act());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return END_KILLED;
	}
	assert_true(WIFEXITED(status));
	return (enum end)WEXITSTATUS(status);
}

/* As whoever runs the test, and as nobody. */
static void ends(deed *act, enum sandbox_net net, enum end end)
{
	skip_uncaged();
	assert_int_equal(in_cage(act, net, 0), end);
	if (geteuid() == 0)
		assert_int_equal(in_cage(act, net, NOBODY), end);
	else
		print_message("not root: tried as this user only\n");
}

static enum end do_open(void)
{
	return went(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static enum end do_create(void)
{
	return went(open("/tmp/mailseal-never", O_WRONLY | O_CREAT, 0600));
}

static enum end do_stat(void)
{
	struct stat info;

	return went(stat("/etc/passwd", &info));
}

static enum end do_unlink(void)
{
	return went(unlink("/tmp/mailseal-never"));
}

static enum end do_execute(void)
{
	char name[] = "true";
	char *argv[] = { name, NULL };

	return went(execv("/bin/true", argv));
}

static enum end do_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return went(pid);
}

static enum end do_kill(void)
{
	return went(kill(getppid(), 0));
}

static enum end do_trace(void)
{
	return went(syscall(SYS_ptrace, 0, 0, 0, 0));
}

static enum end do_limit_the_parent(void)
{
	struct rlimit limit = { 1, 1 };

	return went(prlimit(getppid(), RLIMIT_NPROC, &limit, NULL));
}

static enum end do_execute_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? END_REFUSED : END_WENT;
}

static enum end do_make_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return went(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static enum end do_udp(void)
{
	struct sockaddr_in to;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(9);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		return END_REFUSED;
	return went(send(fd, "x", 1, MSG_NOSIGNAL));
}

/* Nobody listens there, which only a connection finds out. */
static enum end do_tcp(void)
{
	struct sockaddr_in to;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(1);
	return fd >= 0 &&
	       (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 ||
		errno == ECONNREFUSED) ? END_WENT : END_REFUSED;
}

static enum end do_unix(void)
{
	return went(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static enum end do_netlink(void)
{
	return went(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static enum end do_raise_privileges(void)
{
	return went(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static void count_one(void *ctx)
{
	(void)__atomic_fetch_add((unsigned *)ctx, 1, __ATOMIC_SEQ_CST);
}

/* What every role does all day. */
static enum end do_daily_work(void)
{
	struct workers *workers = workers_new(16, 256 * 1024);
	static const unsigned char text[] = "bytes";
	struct bytes bytes = { text, sizeof(text) };
	struct memfile file;
	unsigned count = 0, i;
	struct stat info;
	char *big;
	int fd;

	if (workers == NULL)
		return END_REFUSED;
	for (i = 0; i < 100; i++)
		if (workers_add(workers, i % 5, count_one, &count) < 0)
			return END_REFUSED;
	workers_free(workers);
	big = malloc(8 * 1024 * 1024);
	fd = memfile_make("test", bytes);
	if (count != 100 || big == NULL || fd < 0 || fstat(fd, &info) < 0 ||
	    memfile_open(fd, 1024, &file) < 0)
		return END_REFUSED;
	memfile_close(&file);
	free(big);
	return getenv("PATH") == NULL ? END_WENT : END_REFUSED;
}

static enum end do_lose_core(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 ?
	       END_WENT : END_REFUSED;
}

static void no_files(void **state)
{
	(void)state;
	ends(do_open, SANDBOX_NO_NET, END_REFUSED);
	ends(do_create, SANDBOX_NO_NET, END_REFUSED);
	ends(do_stat, SANDBOX_NO_NET, END_REFUSED);
	ends(do_unlink, SANDBOX_NO_NET, END_KILLED);
	ends(do_open, SANDBOX_NET, END_REFUSED);
}

static void no_other_processes(void **state)
{
	(void)state;
	ends(do_execute, SANDBOX_NO_NET, END_KILLED);
	ends(do_execute, SANDBOX_NET, END_KILLED);
	ends(do_fork, SANDBOX_NO_NET, END_KILLED);
	ends(do_kill, SANDBOX_NO_NET, END_KILLED);
	ends(do_trace, SANDBOX_NO_NET, END_KILLED);
	ends(do_limit_the_parent, SANDBOX_NO_NET, END_KILLED);
}

static void no_new_code(void **state)
{
	(void)state;
	ends(do_execute_memory, SANDBOX_NO_NET, END_KILLED);
	ends(do_make_executable, SANDBOX_NO_NET, END_KILLED);
	ends(do_raise_privileges, SANDBOX_NO_NET, END_REFUSED);
}

static void the_net_only_for_who_needs_it(void **state)
{
	(void)state;
	ends(do_udp, SANDBOX_NO_NET, END_KILLED);
	ends(do_tcp, SANDBOX_NO_NET, END_KILLED);
	ends(do_unix, SANDBOX_NO_NET, END_KILLED);
	ends(do_udp, SANDBOX_NET, END_WENT);
	ends(do_tcp, SANDBOX_NET, END_WENT);
	ends(do_unix, SANDBOX_NET, END_KILLED);
	ends(do_netlink, SANDBOX_NET, END_KILLED);
}

static void daily_work_goes_on(void **state)
{
	(void)state;
	ends(do_daily_work, SANDBOX_NO_NET, END_WENT);
	ends(do_daily_work, SANDBOX_NET, END_WENT);
	ends(do_lose_core, SANDBOX_NO_NET, END_WENT);
}

/* The second wall: with calls allowed that roles never get, Landlock alone
 * is left to say no. */
static enum end behind_landlock(void)
{
	struct { uint64_t flags, mode, resolve; } how = { O_RDONLY, 0, 0 };

	if (syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how,
		    sizeof(how)) >= 0 || errno != EACCES ||
	    syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)) >= 0 ||
	    errno != EACCES)
		return END_WENT;
	if (do_tcp() == END_WENT || errno != EACCES)
		return END_WENT;
	if (kill(getppid(), 0) == 0 || errno != EPERM)
		return END_WENT;
	return END_REFUSED;
}

static enum end landlock_child(void)
{
	static const int more[] = {
		SYS_openat2, SYS_socket, SYS_connect, SYS_kill, SYS_getppid
	};
	struct sandbox_state told;
	int calls[128];
	size_t count, i;

	for (count = 0; sandbox_calls_compute[count] != -1; count++)
		calls[count] = sandbox_calls_compute[count];
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		calls[count++] = more[i];
	calls[count] = -1;
	if (sandbox_begin() < 0 ||
	    sandbox_lock(calls, SANDBOX_NO_NET, &told) < 0)
		return END_NO_CAGE;
	if (told.landlock != (told.landlock_abi > 0))
		return END_NO_CAGE;
	if (told.landlock_abi < 6)
		return END_OLD_KERNEL;
	return behind_landlock();
}

static void landlock_is_a_second_wall(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	skip_uncaged();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(landlock_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == END_OLD_KERNEL) {
		print_message("skipped: no Landlock of ABI 6 in this kernel\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), END_REFUSED);
}

static void an_uncaged_build_says_so(void **state)
{
	struct sandbox_state told;

	(void)state;
	if (MAILSEAL_CAGES) {
		print_message("skipped: this build has cages\n");
		skip();
	}
	assert_int_equal(sandbox_lock(sandbox_calls_compute, SANDBOX_NO_NET,
				      &told), 0);
	assert_false(told.seccomp);
	assert_false(told.landlock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_files),
		cmocka_unit_test(no_other_processes),
		cmocka_unit_test(no_new_code),
		cmocka_unit_test(the_net_only_for_who_needs_it),
		cmocka_unit_test(daily_work_goes_on),
		cmocka_unit_test(landlock_is_a_second_wall),
		cmocka_unit_test(an_uncaged_build_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
