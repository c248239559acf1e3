/* unbound.c - contexts, questions in them, and the self-test */
#include "agent/dns/unbound.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unbound.h>

#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/dns/unbound_context.h"

#define TYPE_SOA	6
#define CLASS_IN	1
#define RCODE_SERVFAIL	2
#define SELF_TEST_MS	2000
#define ROTATE_MS	2000	/* contexts are changed at most so often */
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

static enum dns_state state_of(int error, const struct ub_result *result)
{
	if (error != 0 || result == NULL)
		return DNS_SILENT;
	if (result->bogus)
		return DNS_BOGUS;
	if (result->rcode == RCODE_SERVFAIL)
		return DNS_SILENT;
	if (result->havedata)
		return DNS_HAVE;
	return result->nxdomain ? DNS_NXDOMAIN : DNS_NOTHING;
}

static enum dns_security security_of(enum dns_state state,
				     const struct ub_result *result)
{
	if (state == DNS_SILENT)
		return DNS_SECURITY_UNKNOWN;
	if (state == DNS_BOGUS)
		return DNS_SECURITY_BOGUS;
	return result->secure ? DNS_SECURE : DNS_INSECURE;
}

/* Only what a HAVE answer carries; a bogus one's data ends here. */
static size_t records_of(const struct ub_result *result,
			 struct bytes records[DNS_RECORDS_MAX])
{
	size_t i, total = 0;

	for (i = 0; result->data[i] != NULL; i++) {
		if (i == DNS_RECORDS_MAX)
			return 0;
		records[i].data = (const unsigned char *)result->data[i];
		records[i].len = (size_t)result->len[i];
		total += records[i].len;
	}
	return total > DNS_ANSWER_MAX ? 0 : i;
}

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
	struct bytes records[DNS_RECORDS_MAX];
	struct asked *asked = ctx;
	struct dns_answer answer;

	memset(&answer, 0, sizeof(answer));
	answer.state = state_of(error, result);
	answer.security = security_of(answer.state, result);
	answer.canonical = "";
	answer.why = "";
	if (answer.state == DNS_SILENT)
		answer.why = "the DNS servers failed (SERVFAIL)";
	else if (answer.state == DNS_BOGUS)
		answer.why = result->why_bogus == NULL ? "DNSSEC validation "
			     "failed" : result->why_bogus;
	if (answer.state != DNS_SILENT) {
		answer.ttl = result->ttl > 0 ? (uint32_t)result->ttl : 0;
		if (result->canonname != NULL)
			answer.canonical = result->canonname;
	}
	if (answer.state == DNS_HAVE) {
		answer.record_count = records_of(result, records);
		answer.records = records;
		if (answer.record_count == 0) {
			answer.state = DNS_SILENT;
			answer.security = DNS_SECURITY_UNKNOWN;
			answer.why = "the DNS answer is larger than any real "
				     "one";
		}
	}
	asked->answered(asked->ctx, &answer);
	asked_drop(asked);
	ub_resolve_free(result);
}

int unbound_ask(struct unbound *unbound, const char *name, int type,
		unbound_answered *answered, void *ctx)
{
	struct context *context = &unbound->contexts[unbound->current];
	struct asked *asked = calloc(1, sizeof(*asked));

	if (asked == NULL)
		return -1;
	asked->unbound = unbound;
	asked->context = context;
	asked->answered = answered;
	asked->ctx = ctx;
	asked->handle = unbound->next_handle++;
	if (unbound->next_handle < 0)
		unbound->next_handle = 1;
	if (ub_resolve_async(context->ub, name, type, CLASS_IN, asked,
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
		"the network changed while DNS was asked"
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

/* --- the self-test: the anchor's zone is secure, and so is the proof that a
 * random name in it does not exist. */

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

static void test_start(struct unbound *unbound)
{
	struct self_test *test = &unbound->test;
	char owner[DNS_NAME_MAX + 2], name[DNS_NAME_MAX + 32];
	unsigned long long random = 0;

	memset(test, 0, sizeof(*test));
	if (!unbound_anchor_owner(value_text(unbound->settings, "anchors"),
				  owner, sizeof(owner)))
		return;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (unsigned long long)clock_now_ms();
	(void)snprintf(name, sizeof(name), "x%llx.%s", random,
		       strcmp(owner, ".") == 0 ? "" : owner);
	test->deadline = clock_now_ms() + SELF_TEST_MS;
	test->soa = unbound_ask(unbound, owner, TYPE_SOA, on_soa, unbound);
	test->absent = unbound_ask(unbound, name, DNS_A, on_absent, unbound);
}

static void test_overdue(struct unbound *unbound)
{
	struct self_test *test = &unbound->test;

	if (test->soa > 0)
		unbound_cancel(unbound, test->soa);
	if (test->absent > 0)
		unbound_cancel(unbound, test->absent);
	test->soa = test->absent = 0;
	test->failed = true;
	(void)snprintf(test->why, sizeof(test->why), "no DNS server answers");
	test_done(unbound);
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

struct unbound *unbound_new(const struct value *settings, char *why,
			    size_t why_size)
{
	struct unbound *unbound = calloc(1, sizeof(*unbound));
	const char *mode = value_text(settings, "mode");

	(void)snprintf(why, why_size, "out of memory");
	if (unbound == NULL || mode == NULL) {
		free(unbound);
		return NULL;
	}
	unbound->settings = settings;
	unbound->next_handle = 1;
	unbound->way = UNBOUND_RECURSE;
	unbound->may_recurse = strcmp(mode, "auto") == 0;
	if (strcmp(mode, "forward") == 0 ||
	    (unbound->may_recurse &&
	     unbound_can_forward(settings, why, why_size)))
		unbound->way = UNBOUND_FORWARD;
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
	if (unbound->may_recurse && unbound->way == UNBOUND_FORWARD)
		unbound->way = UNBOUND_RECURSE;
	else if (unbound->may_recurse &&
		 unbound_can_forward(unbound->settings, why, sizeof(why)))
		unbound->way = UNBOUND_FORWARD;
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
		test_overdue(unbound);
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
