/* reader.c - the role that sees mail: what it serves, and what it may do
 *
 * One thread polls the front's and the resolver's channel and never waits;
 * each check runs in a worker.  It may open nothing, connect to nothing and
 * execute nothing. */
#include "agent/roles/reader/reader.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "agent/auth/dkim.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/base/workers.h"
#include "agent/crypto/authorities.h"
#include "agent/crypto/openpgp_client.h"
#include "agent/crypto/smime.h"
#include "agent/dns/client.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"
#include "agent/roles/reader/memory.h"
#include "agent/roles/role.h"
#include "agent/roles/role_keys.h"
#include "agent/roles/role_pgp.h"
#include "agent/roles/roles.h"

#define WORKERS		128
#define WORKER_STACK	(512 * 1024)

static int reader_pgp(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	return role_pgp_channel(reader->openpgp, frame);
}

static int reader_refused(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	(void)role_keys_refused(reader->keys, frame);
	return role_pgp_refused(reader->openpgp, frame);
}

static int reader_keys(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	return role_keys_channel(reader->keys, frame);
}

static int reader_own(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	return role_keys_own(reader->keys, frame);
}

static int reader_authorities(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;

	authorities_take(reader->authorities, frame_take(frame, 0));
	return 0;
}

/* What the front may say, and who answers. */
static const struct role_verb verbs[] = {
	{ FRAME_HELLO, 0, reader_hello },
	{ FRAME_CHECK, 1, reader_check },
	{ FRAME_CANCEL, 0, reader_cancel },
	{ FRAME_PARSE, 1, reader_parse },
	{ FRAME_CONTACTS, 1, reader_contacts },
	{ FRAME_FOUND, 0, reader_found },
	{ FRAME_SEEN, 1, reader_seen },
	{ FRAME_RECALL, 0, reader_recall },
	{ FRAME_KNOWN, 0, reader_known },
	{ FRAME_PEOPLE, 0, reader_people },
	{ FRAME_SUGGEST, 1, reader_suggest },
	{ FRAME_KEYS, 1, reader_keys },
	{ FRAME_KEY_OWN, 1, reader_own },
	{ FRAME_PGP, 1, reader_pgp },
	{ FRAME_WANT, 0, reader_refused },
	{ FRAME_AUTHORITIES, 1, reader_authorities },
	{ FRAME_OPEN, ROLE_FDS_ANY, reader_open },
	{ FRAME_VERIFY, 2, reader_open },
};

static void prepare(void)
{
	(void)mallopt(M_ARENA_MAX, 2);	/* 128 threads, little memory */
	domain_prepare();
	name_prepare();
	author_prepare();
	dkim_prepare();
	smime_prepare();
}

int reader_make(struct reader *reader)
{
	memset(reader, 0, sizeof(*reader));
	(void)pthread_mutex_init(&reader->lock, NULL);
	prepare();
	reader->resolver = dns_client_new();
	reader->workers = workers_new(WORKERS, WORKER_STACK);
	reader->keys = role_keys_new();
	reader->openpgp = role_pgp_new();
	reader->authorities = authorities_new();
	return reader->resolver == NULL || reader->workers == NULL ||
	       reader->keys == NULL || reader->openpgp == NULL ||
	       reader->authorities == NULL ? ERR_MEMORY : 0;
}

void reader_let_go(struct reader *reader)
{
	reader_cancel_all(reader);
	reader_open_cancel(reader, 0);
	workers_free(reader->workers);
	dns_client_free(reader->resolver);
	role_keys_free(reader->keys);
	openpgp_client_free(reader->openpgp);
	authorities_free(reader->authorities);
	reader_free(reader);
}

int reader_serve(struct reader *reader)
{
	int r = role_run(verbs, sizeof(verbs) / sizeof(verbs[0]),
			 reader->resolver, reader);

	reader_let_go(reader);
	return r;
}

int reader_main(void)
{
	struct reader reader;
	struct sandbox_state state;
	int r;

	if (sandbox_begin() < 0 || reader_make(&reader) < 0)
		return EXIT_FAILURE;
	r = sandbox_lock(sandbox_calls_compute, SANDBOX_NO_NET, &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the reader could not be locked in: "
			 "%s", err_sentence(r));
		return EXIT_FAILURE;
	}
	r = role_ready(&state);
	if (r == 0)
		r = reader_serve(&reader);
	else
		reader_let_go(&reader);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
