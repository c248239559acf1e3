/* reader.c - the role that sees mail: what it serves, and what it may do
 *
 * One thread polls the front's and the resolver's channel and never waits;
 * each check runs in a worker.  It may open nothing, connect to nothing and
 * execute nothing. */
#include "agent/roles/reader.h"

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/base/workers.h"
#include "agent/dns/client.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"
#include "agent/roles/roles.h"

#define WORKERS		128
#define WORKER_STACK	(512 * 1024)

/* What the front may say, and who answers. */
static const struct verb {
	enum channel_type type;
	size_t fds;
	int (*serve)(struct reader *reader, struct frame *frame);
} verbs[] = {
	{ FRAME_HELLO, 0, reader_hello },
	{ FRAME_DNS, 1, reader_dns },
	{ FRAME_CHECK, 1, reader_check },
	{ FRAME_CANCEL, 0, reader_cancel },
	{ FRAME_PARSE, 1, reader_parse },
	{ FRAME_CONTACTS, 1, reader_contacts },
};

int reader_dns(struct reader *reader, struct frame *frame)
{
	dns_client_attach(reader->resolver, frame_take(frame, 0));
	return 0;
}

static int serve(struct reader *reader, struct frame *frame)
{
	size_t i;
	int r;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == frame->type)
			break;
	if (i == sizeof(verbs) / sizeof(verbs[0]) ||
	    verbs[i].fds != frame->fd_count) {
		frame_close(frame);
		return ERR_PROTOCOL;
	}
	r = verbs[i].serve(reader, frame);
	frame_close(frame);
	return r;
}

/* Takes frames until there are none; negative: the end. */
static int front_readable(struct reader *reader, void *room)
{
	struct frame frame;
	int r;

	while ((r = channel_receive(ROLE_CHANNEL, room, &frame)) > 0) {
		r = serve(reader, &frame);
		if (r < 0)
			return r;
	}
	if (r == 0)
		return ERR_GONE;
	return r == ERR_TIMEOUT ? 0 : r;
}

static int reader_loop(struct reader *reader)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd fds[2];
	int r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0) {
		fds[0].fd = ROLE_CHANNEL;
		fds[1].fd = dns_client_fd(reader->resolver);	/* or -1 */
		fds[0].events = fds[1].events = POLLIN;
		fds[0].revents = fds[1].revents = 0;
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents != 0)
			dns_client_readable(reader->resolver);
		if (fds[0].revents != 0)
			r = front_readable(reader, room);
	}
	free(room);
	return r;
}

static void prepare(void)
{
	(void)mallopt(M_ARENA_MAX, 2);	/* 128 threads, little memory */
	domain_prepare();
	name_prepare();
	author_prepare();
	dkim_prepare();
}

int reader_main(void)
{
	struct reader reader;
	struct sandbox_state state;
	int r;

	memset(&reader, 0, sizeof(reader));
	(void)pthread_mutex_init(&reader.lock, NULL);
	if (sandbox_begin() < 0)
		return EXIT_FAILURE;
	prepare();
	reader.resolver = dns_client_new();
	reader.workers = workers_new(WORKERS, WORKER_STACK);
	if (reader.resolver == NULL || reader.workers == NULL)
		return EXIT_FAILURE;
	r = sandbox_lock(sandbox_calls_compute, SANDBOX_NO_NET, &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the reader could not be locked in: "
			 "%s", err_sentence(r));
		return EXIT_FAILURE;
	}
	r = role_ready(&state);
	if (r == 0)
		r = reader_loop(&reader);
	reader_cancel_all(&reader);
	workers_free(reader.workers);
	dns_client_free(reader.resolver);
	reader_free(&reader);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
