/* sender.c - the role that sends mail: what it serves, and what it may do
 *
 * Sockets of the internet families and the resolver's channel; no file, no
 * program, no private key, no incoming mail. */
#include "agent/roles/sender/sender.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/sandbox.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/crypto/authorities.h"
#include "agent/crypto/openpgp_client.h"
#include "agent/crypto/smime.h"
#include "agent/dane/trust.h"
#include "agent/dns/client.h"
#include "agent/mail/domain.h"
#include "agent/roles/role.h"
#include "agent/roles/role_keys.h"
#include "agent/roles/role_pgp.h"
#include "agent/roles/roles.h"
#include "agent/smtp/sasl.h"

#define WORKERS		32
#define WORKER_STACK	(1024 * 1024)	/* TLS and CMS */
#define SETTINGS_MAX	(1024 * 1024)

static int sender_pgp(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;

	return role_pgp_channel(sender->openpgp, frame);
}

static int sender_refused(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;

	(void)role_keys_refused(sender->keys, frame);
	return role_pgp_refused(sender->openpgp, frame);
}

static int sender_keys(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;

	return role_keys_channel(sender->keys, frame);
}

static int sender_own(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;

	return role_keys_own(sender->keys, frame);
}

static int sender_authorities(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;

	authorities_take(sender->authorities, frame_take(frame, 0));
	return 0;
}

/* What the front may say, and who answers. */
static const struct role_verb verbs[] = {
	{ FRAME_HELLO, 0, sender_hello },
	{ FRAME_CANCEL, 0, sender_cancel },
	{ FRAME_ROOTS, 1, sender_roots },
	{ FRAME_SERVER, 0, sender_server },
	{ FRAME_PREPARE, ROLE_FDS_ANY, sender_prepare },
	{ FRAME_SUBMIT, 1, sender_submit },
	{ FRAME_SECRET, ROLE_FDS_SOME, sender_secret },
	{ FRAME_KEYS, 1, sender_keys },
	{ FRAME_KEY_OWN, 1, sender_own },
	{ FRAME_FIND_KEY, 1, sender_find },
	{ FRAME_PUBLISH_KEY, 0, sender_publish },
	{ FRAME_PGP, 1, sender_pgp },
	{ FRAME_WANT, 0, sender_refused },
	{ FRAME_AUTHORITIES, 1, sender_authorities },
	{ FRAME_KEPT, ROLE_FDS_SOME, sender_kept },
	{ FRAME_ANSWERS, 0, sender_answered },
	{ FRAME_PROTECT, ROLE_FDS_ANY, sender_protect },
	{ FRAME_SIGN, ROLE_FDS_ANY, sender_protect },
	{ FRAME_ENCRYPT, ROLE_FDS_ANY, sender_protect },
};

int sender_hello(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	int r;

	if (sender->settings != NULL)
		return ERR_PROTOCOL;
	sender->settings_arena = arena_new(SETTINGS_MAX);
	if (sender->settings_arena == NULL)
		return ERR_MEMORY;
	r = value_decode(sender->settings_arena, frame->payload,
			 &sender->settings);
	return r < 0 ? r : accounts_read(sender->settings_arena,
					 sender->settings, &sender->accounts);
}

int sender_make(struct sender *sender)
{
	memset(sender, 0, sizeof(*sender));
	(void)pthread_mutex_init(&sender->lock, NULL);
	domain_prepare();
	sasl_prepare();
	tzset();			/* for Date */
	dane_trust_prepare();
	smime_prepare();
	sender->resolver = dns_client_new();
	sender->workers = workers_new(WORKERS, WORKER_STACK);
	sender->trust = dane_trust_new();
	sender->keys = role_keys_new();
	sender->openpgp = role_pgp_new();
	sender->authorities = authorities_new();
	return sender->resolver == NULL || sender->workers == NULL ||
	       sender->trust == NULL || sender->keys == NULL ||
	       sender->openpgp == NULL || sender->authorities == NULL ?
	       ERR_MEMORY : 0;
}

void sender_let_go(struct sender *sender)
{
	sender_cancel_all(sender);
	workers_free(sender->workers);
	dane_trust_free(sender->trust);
	dns_client_free(sender->resolver);
	role_keys_free(sender->keys);
	openpgp_client_free(sender->openpgp);
	authorities_free(sender->authorities);
	arena_free(sender->settings_arena);
	(void)pthread_mutex_destroy(&sender->lock);
}

int sender_serve(struct sender *sender)
{
	int r = role_run(verbs, sizeof(verbs) / sizeof(verbs[0]),
			 sender->resolver, sender);

	sender_let_go(sender);
	return r;
}

int sender_main(void)
{
	struct sender sender;
	struct sandbox_state state;
	int r;

	if (sandbox_begin() < 0)
		return EXIT_FAILURE;
	(void)mallopt(M_ARENA_MAX, 2);
	if (sender_make(&sender) < 0)
		return EXIT_FAILURE;
	r = sandbox_lock(sandbox_calls_record, SANDBOX_NET, &state);
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "the sender could not be locked in: "
			 "%s", err_sentence(r));
		return EXIT_FAILURE;
	}
	r = role_ready(&state);
	if (r == 0)
		r = sender_serve(&sender);
	else
		sender_let_go(&sender);
	return r == ERR_GONE ? EXIT_SUCCESS : EXIT_FAILURE;
}
