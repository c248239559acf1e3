/* role.h - the role that drives gpg, in a process of its own, for tests
 *
 * The test is the front and an asker at once. */
#ifndef MAILSEAL_TESTS_PGP_ROLE_H
#define MAILSEAL_TESTS_PGP_ROLE_H

#include "tests/unit/pgp/gpg_home.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/crypto/openpgp.h"
#include "agent/crypto/openpgp_client.h"
#include "agent/pgp/serve.h"

#define PATIENCE_MS 60000	/* until a test is given up */

struct role {
	pid_t pid;
	int front;			/* our end of the front's channel */
	struct openpgp_client *client;
};

/* `program`: another gpg; NULL: the real one; "": there is none. */
HELPER void role_start(struct role *role, const char *program,
		       const char *agent_socket)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	role->pid = fork();
	assert_true(role->pid >= 0);
	if (role->pid == 0) {
		/* As after exec: a pipe of the test's would not end. */
		(void)dup2(ends[1], 3);
		(void)close_range(4, ~0U, 0);
		if (program != NULL)
			(void)setenv("MAILSEALD_GPG", program, 1);
		_exit(pgp_serve(3, program != NULL && program[0] == 0 ? NULL :
				&gpg_engine, agent_socket) ==
		      ERR_GONE ? 0 : 1);
	}
	(void)close(ends[1]);
	role->front = ends[0];
}

/* What the front does when there is a new asker. */
HELPER void role_introduce(struct role *role)
{
	struct frame frame = { FRAME_CLIENT, 0, { NULL, 0 }, { 0 }, 1 };
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	frame.fds[0] = ends[1];
	assert_int_equal(channel_send(role->front, &frame), 0);
	(void)close(ends[1]);
	openpgp_client_attach(role->client, ends[0]);
}

HELPER void role_open(struct role *role, const char *program,
		      const char *agent_socket)
{
	role_start(role, program, agent_socket);
	role->client = openpgp_client_new(NULL, NULL);
	assert_non_null(role->client);
	role_introduce(role);
}

/* Hangs up and waits; its exit status. */
HELPER int role_close(struct role *role)
{
	int status = -1;

	(void)close(role->front);
	openpgp_client_free(role->client);
	while (waitpid(role->pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- a job of crypto/ */

struct desk {
	struct seal_world world;
	struct seal_job job;
	struct buf why;
};

HELPER void desk_open(struct desk *desk, struct role *role)
{
	memset(desk, 0, sizeof(*desk));
	buf_init(&desk->why, 4096);
	desk->world.openpgp = role->client;
	desk->world.now = clock_wall;
	desk->job.world = &desk->world;
	desk->job.arena = arena_new(8 * 1024 * 1024);
	assert_non_null(desk->job.arena);
	desk->job.why = &desk->why;
	desk->job.deadline = clock_now_ms() + PATIENCE_MS;
}

HELPER void desk_close(struct desk *desk)
{
	arena_free(desk->job.arena);
	buf_free(&desk->why);
}

/* A file of gpg's home; good as long as the desk is. */
HELPER struct bytes file_of(struct desk *desk, const char *name)
{
	unsigned char *room = arena_alloc(desk->job.arena, 200000);
	struct bytes out = { room, 0 };
	char path[256];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", gpg_home, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, room, 200000);
	(void)close(fd);
	assert_true(len >= 0);
	out.len = (size_t)len;
	return out;
}

/* Content of any size: counted, and refused beyond the limit. */
struct sea {
	uint64_t len;
	uint64_t limit;
};

HELPER int sea_write(void *ctx, struct bytes piece)
{
	struct sea *sea = ctx;

	sea->len += piece.len;
	return sea->len > sea->limit ? ERR_LIMIT : 0;
}

#endif
