/* unbound.c - contexts, questions in them, and the self-test */
#include "agent/dns/unbound.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unbound.h>

#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/dns/unbound_answer.h"
#include "agent/dns/unbound_context.h"

#define TYPE_SOA	6
#define CLASS_IN	1
#define SELF_TEST_MS	2000
#define ROTATE_MS	2000	/* contexts are changed at most so often */
#define REFRESH_MS	1000	/* likewise, when a question must be fresh */
#define RETRY_MS	10000	/* a self-test that failed is run again */

struct asked;

/* One libunbound context; a retiring one lives as long as its questions. */
struct context {
	struct ub_ctx *ub;
	struct asked *asked;
};

struct asked {
	struct asked *next, *prev;	/* context::asked */
	struct unbound *unbound;
	struct context *context;
	int handle;			/* ours */
	int async_id;			/* libunbound's */
	unbound_answered *answered;
	void *ctx;
};

struct self_test {
	int soa, absent;		/* handles; 0: answered */
	int64_t deadline;		/* 0: none runs */
	bool failed;
	char why[256];
};

struct unbound {
	const struct value *settings;
	struct context contexts[UNBOUND_CONTEXTS_MAX];
	unsigned current;
	int next_handle;
	enum unbound_way way;
	bool may_recurse;		/* mode auto */
	int64_t rotated, retry;
	struct self_test test;
	struct unbound_state state;
	bool state_changed;
};

static void asked_drop(struct asked *asked)
{
	if (asked->prev != NULL)
		asked->prev->next = asked->next;
	else
		asked->context->asked = asked->next;
	if (asked->next != NULL)
		asked->next->prev = asked->prev;
	free(asked);
}

static void on_result(void *ctx, int error, struct ub_result *result)
{
	struct asked *asked = ctx;
	struct unbound_answer read;

	unbound_answer_read(error, result, &read);
	asked->answered(asked->ctx, &read.answer);
	asked_drop(asked);
	ub_resolve_free(result);
}

int unbound_ask(struct unbound *unbound, const char *name, int type,
		unbound_answered *answered, void *ctx)
{
	struct context *context = &unbound->contexts[unbound->current];
	char escaped[2 * DNS_NAME_MAX + 8];
	struct asked *asked;

	if (!unbound_name(name, escaped, sizeof(escaped)))
		return -1;
	asked = calloc(1, sizeof(*asked));
	if (asked == NULL)
		return -1;
	asked->unbound = unbound;
	asked->context = context;
	asked->answered = answered;
	asked->ctx = ctx;
	asked->handle = unbound->next_handle++;
	if (unbound->next_handle == INT_MAX)
		unbound->next_handle = 1;
	if (ub_resolve_async(context->ub, escaped, type, CLASS_IN, asked,
			     on_result, &asked->async_id) != 0) {
		free(asked);
		return -1;
	}
	asked->next = context->asked;
	if (asked->next != NULL)
		asked->next->prev = asked;
	context->asked = asked;
	return asked->handle;
}

void unbound_cancel(struct unbound *unbound, int handle)
{
	struct asked *asked;
	unsigned i;

	for (i = 0; i < UNBOUND_CONTEXTS_MAX; i++)
		for (asked = unbound->contexts[i].asked; asked != NULL;
		     asked = asked->next)
			if (asked->handle == handle) {
				(void)ub_cancel(unbound->contexts[i].ub,
						asked->async_id);
				asked_drop(asked);
				return;
			}
}

static void context_end(struct context *context)
{
	static const struct dns_answer lost = {
		DNS_SILENT, DNS_SECURITY_UNKNOWN, 0, "", NULL, 0,
		"no DNS answer came in time", 0, 0
	};
	struct asked *asked;

	if (context->ub == NULL)
		return;
	while ((asked = context->asked) != NULL) {
		(void)ub_cancel(context->ub, asked->async_id);
		asked->answered(asked->ctx, &lost);
		asked_drop(asked);
	}
	ub_ctx_delete(context->ub);
	context->ub = NULL;
}

/* --- the self-test: the anchor's zone is secure; if that is the root, so is
 * the proof that a random name in it does not exist.  (Another zone may hold
 * a wildcard.) */

static void test_done(struct unbound *unbound)
{
	struct self_test *test = &unbound->test;
	struct unbound_state *state = &unbound->state;

	test->deadline = 0;
	state->mode = unbound->way == UNBOUND_FORWARD ? "forward" :
							"recursive";
	state->works = !test->failed;
	if (state->works)
		(void)snprintf(state->sentence, sizeof(state->sentence),
			       "DNSSEC validation works on this host");
	else
		(void)snprintf(state->sentence, sizeof(state->sentence),
			       "DNSSEC validation does not work here: %s; "
			       "no sender can be verified until it does",
			       test->why);
	unbound->state_changed = true;
	if (test->failed)
		unbound->retry = clock_now_ms() + RETRY_MS;
}

static void test_answer(struct unbound *unbound,
			const struct dns_answer *answer,
			enum dns_state wanted, const char *what)
{
	struct self_test *test = &unbound->test;

	if (!test->failed && (answer->state != wanted ||
			      answer->security != DNS_SECURE)) {
		test->failed = true;
		(void)snprintf(test->why, sizeof(test->why), "%s%s%.150s",
			       what, answer->why[0] == 0 ? "" : ": ",
			       answer->why);
	}
	if (test->soa == 0 && test->absent == 0)
		test_done(unbound);
}

static void on_soa(void *ctx, const struct dns_answer *answer)
{
	struct unbound *unbound = ctx;

	unbound->test.soa = 0;
	test_answer(unbound, answer, DNS_HAVE,
		    "the trust anchor's zone does not validate");
}

static void on_absent(void *ctx, const struct dns_answer *answer)
{
	struct unbound *unbound = ctx;

	unbound->test.absent = 0;
	test_answer(unbound, answer, DNS_NXDOMAIN,
		    "the proof that a name does not exist does not validate");
}

/* Without waiting any longer. */
static void test_end(struct unbound *unbound, const char *why)
{
	struct self_test *test = &unbound->test;

	if (test->soa > 0)
		unbound_cancel(unbound, test->soa);
	if (test->absent > 0)
		unbound_cancel(unbound, test->absent);
	test->soa = test->absent = 0;
	test->failed = true;
	(void)snprintf(test->why, sizeof(test->why), "%s", why);
	test_done(unbound);
}

static void test_start(struct unbound *unbound)
{
	struct self_test *test = &unbound->test;
	char owner[DNS_NAME_MAX + 2], name[32];
	unsigned long long random = 0;

	memset(test, 0, sizeof(*test));
	if (!unbound_anchor_owner(value_text(unbound->settings, "anchors"),
				  owner, sizeof(owner)))
		return;
	test->deadline = clock_now_ms() + SELF_TEST_MS;
	test->soa = unbound_ask(unbound, owner, TYPE_SOA, on_soa, unbound);
	if (strcmp(owner, ".") == 0) {
		if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
			random = (unsigned long long)clock_now_ms();
		(void)snprintf(name, sizeof(name), "x%llx", random);
		test->absent = unbound_ask(unbound, name, DNS_A, on_absent,
					   unbound);
	}
	if (test->soa < 0 || test->absent < 0)
		test_end(unbound, "libunbound cannot read the trust anchors "
			 "or the settings");
}

/* A fresh context in the place of the oldest one. */
static bool context_open(struct unbound *unbound, char *why, size_t size)
{
	unsigned next = (unbound->current + 1) % UNBOUND_CONTEXTS_MAX;
	struct ub_ctx *ub = unbound_context(unbound->settings, unbound->way,
					    why, size);

	if (ub == NULL)
		return false;
	context_end(&unbound->contexts[next]);
	unbound->contexts[next].ub = ub;
	unbound->current = next;
	unbound->rotated = clock_now_ms();
	return true;
}

void unbound_was_silent(struct unbound *unbound)
{
	char why[256];

	if (clock_now_ms() - unbound->rotated >= ROTATE_MS)
		(void)context_open(unbound, why, sizeof(why));
}

void unbound_refresh(struct unbound *unbound)
{
	char why[256];

	if (clock_now_ms() - unbound->rotated >= REFRESH_MS)
		(void)context_open(unbound, why, sizeof(why));
}

static bool mode_read(struct unbound *unbound, const char *mode)
{
	char why[256];

	if (mode == NULL)
		return false;
	unbound->way = UNBOUND_RECURSE;
	if (strcmp(mode, "auto") == 0) {
		unbound->may_recurse = true;
		if (unbound_can_forward(unbound->settings, why, sizeof(why)))
			unbound->way = UNBOUND_FORWARD;
	} else if (strcmp(mode, "forward") == 0) {
		unbound->way = UNBOUND_FORWARD;
	} else if (strcmp(mode, "recursive") != 0) {
		return false;
	}
	return true;
}

struct unbound *unbound_new(const struct value *settings, char *why,
			    size_t why_size)
{
	struct unbound *unbound = calloc(1, sizeof(*unbound));

	if (unbound == NULL) {
		(void)snprintf(why, why_size, "out of memory");
		return NULL;
	}
	unbound->settings = settings;
	unbound->next_handle = 1;
	if (!mode_read(unbound, value_text(settings, "mode"))) {
		(void)snprintf(why, why_size, "the mode is none of auto, "
			       "forward and recursive");
		free(unbound);
		return NULL;
	}
	if (!context_open(unbound, why, why_size)) {
		free(unbound);
		return NULL;
	}
	test_start(unbound);
	return unbound;
}

void unbound_free(struct unbound *unbound)
{
	unsigned i;

	if (unbound == NULL)
		return;
	for (i = 0; i < UNBOUND_CONTEXTS_MAX; i++)
		context_end(&unbound->contexts[i]);
	free(unbound);
}

unsigned unbound_poll(struct unbound *unbound, struct pollfd *fds,
		      unsigned room)
{
	unsigned i, count = 0;

	for (i = 0; i < UNBOUND_CONTEXTS_MAX && count < room; i++)
		if (unbound->contexts[i].ub != NULL) {
			fds[count].fd = ub_fd(unbound->contexts[i].ub);
			fds[count].events = POLLIN;
			fds[count++].revents = 0;
		}
	return count;
}

/* The forwarders do not validate: recursion (auto), or the same again with a
 * context that remembers no failure. */
static void try_again(struct unbound *unbound)
{
	char why[256];

	unbound->retry = 0;
	if (unbound->may_recurse && unbound->way == UNBOUND_FORWARD) {
		unbound->way = UNBOUND_RECURSE;
		unbound->state_changed = false;	/* not the last word yet */
	} else if (unbound->may_recurse &&
		   unbound_can_forward(unbound->settings, why,
				       sizeof(why))) {
		unbound->way = UNBOUND_FORWARD;
	}
	if (context_open(unbound, why, sizeof(why)))
		test_start(unbound);
}

void unbound_work(struct unbound *unbound, int64_t now)
{
	struct context *context;
	unsigned i;

	for (i = 0; i < UNBOUND_CONTEXTS_MAX; i++) {
		context = &unbound->contexts[i];
		if (context->ub != NULL && ub_poll(context->ub))
			(void)ub_process(context->ub);
		if (context->ub != NULL && i != unbound->current &&
		    context->asked == NULL)
			context_end(context);
	}
	if (unbound->test.deadline != 0 && now >= unbound->test.deadline)
		test_end(unbound, "no DNS server answers");
	if (unbound->retry != 0 && unbound->may_recurse &&
	    unbound->way == UNBOUND_FORWARD)
		try_again(unbound);	/* auto: at once */
	else if (unbound->retry != 0 && now >= unbound->retry)
		try_again(unbound);
}

bool unbound_state(struct unbound *unbound, struct unbound_state *out)
{
	if (!unbound->state_changed)
		return false;
	unbound->state_changed = false;
	*out = unbound->state;
	return true;
}
