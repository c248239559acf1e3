/* dns.c - the questions of one request */
#include "agent/dns/dns.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/dns/rdata.h"
#include "agent/dns/resolver.h"

#define REQUEST_ARENA	(8 * 1024 * 1024)
#define LABEL_OCTETS	63

enum freshness { FRESHNESS_ANY, FRESHNESS_NEW };

struct dns_request {
	struct resolver *resolver;
	int64_t deadline;
	struct arena *arena;		/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t answered;
	struct dns_question *questions;
	size_t count;
	bool cancelled;
};

static const struct dns_answer answer_lost = {
	DNS_SILENT, DNS_SECURITY_UNKNOWN, 0, "", NULL, 0,
	"too many DNS questions for one message", 0, 0
};

struct dns_request *dns_request_new(struct resolver *resolver,
				    int64_t deadline)
{
	struct dns_request *request = calloc(1, sizeof(*request));
	pthread_condattr_t attributes;

	if (request == NULL)
		return NULL;
	request->arena = arena_new(REQUEST_ARENA);
	if (request->arena == NULL) {
		free(request);
		return NULL;
	}
	request->resolver = resolver;
	request->deadline = deadline;
	(void)pthread_mutex_init(&request->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&request->answered, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return request;
}

void dns_request_free(struct dns_request *request)
{
	struct dns_question *open[DNS_QUESTIONS_MAX];
	struct dns_question *question;
	size_t count = 0;

	if (request == NULL)
		return;
	for (question = request->questions; question != NULL;
	     question = question->next)
		if (question->sent)
			open[count++] = question;
	if (count > 0)
		request->resolver->ops->forget(request->resolver, open, count);
	(void)pthread_cond_destroy(&request->answered);
	(void)pthread_mutex_destroy(&request->lock);
	arena_free(request->arena);
	free(request);
}

void dns_request_cancel(struct dns_request *request)
{
	(void)pthread_mutex_lock(&request->lock);
	request->cancelled = true;
	(void)pthread_cond_broadcast(&request->answered);
	(void)pthread_mutex_unlock(&request->lock);
}

/* Lower case, labels of 1 to 63 octets; false: DNS cannot hold it. */
static bool name_normal(char to[DNS_NAME_MAX + 1], const char *name)
{
	size_t len = strlen(name), label = 0, i;

	if (len > DNS_NAME_MAX)
		return false;
	for (i = 0; i < len; i++) {
		to[i] = (char)byte_lower((unsigned char)name[i]);
		label = name[i] == '.' ? 0 : label + 1;
		if (label > LABEL_OCTETS ||
		    (name[i] == '.' && (i == 0 || name[i - 1] == '.' ||
					i + 1 == len)))
			return false;
	}
	to[len] = 0;
	return true;
}

static struct dns_question *question_add(struct dns_request *request,
					 const char *name, enum dns_type type,
					 enum freshness freshness, size_t most)
{
	struct dns_question *question, **end;
	bool fresh = freshness == FRESHNESS_NEW;
	char normal[DNS_NAME_MAX + 1] = "";
	bool fine = name_normal(normal, name);

	for (end = &request->questions; *end != NULL; end = &(*end)->next)
		if (fine && (*end)->type == type && (*end)->fresh == fresh &&
		    strcmp((*end)->name, normal) == 0)
			return *end;
	if (request->count >= most)
		return NULL;
	question = arena_alloc(request->arena, sizeof(*question));
	if (question == NULL)
		return NULL;
	memcpy(question->name, normal, sizeof(normal));
	question->type = type;
	question->fresh = fresh;
	question->request = request;
	question->answer.canonical = question->name;
	question->answer.why = "";
	if (!fine) {
		question->sent = false;
		question->answered = true;
		question->answer.state = DNS_NXDOMAIN;
		question->answer.security = DNS_INSECURE;
	}
	*end = question;
	request->count++;
	return question;
}

static struct dns_question *ask(struct dns_request *request, const char *name,
				enum dns_type type, enum freshness freshness,
				size_t most)
{
	struct dns_question *question;

	(void)pthread_mutex_lock(&request->lock);
	question = question_add(request, name, type, freshness, most);
	(void)pthread_mutex_unlock(&request->lock);
	return question;
}

struct dns_question *dns_ask(struct dns_request *request, const char *name,
			     enum dns_type type)
{
	return ask(request, name, type, FRESHNESS_ANY, DNS_QUESTIONS_MAX);
}

struct dns_question *dns_ask_spare(struct dns_request *request,
				   const char *name, enum dns_type type)
{
	return ask(request, name, type, FRESHNESS_ANY,
		   DNS_QUESTIONS_MAX - DNS_QUESTIONS_KEPT);
}

struct dns_question *dns_ask_fresh(struct dns_request *request,
				   const char *name, enum dns_type type)
{
	return ask(request, name, type, FRESHNESS_NEW, DNS_QUESTIONS_MAX);
}

void dns_send(struct dns_request *request)
{
	struct dns_question *batch[DNS_QUESTIONS_MAX];
	struct dns_question *question;
	size_t count = 0;

	(void)pthread_mutex_lock(&request->lock);
	for (question = request->cancelled ? NULL : request->questions;
	     question != NULL; question = question->next)
		if (!question->sent && !question->answered) {
			question->sent = true;
			batch[count++] = question;
		}
	(void)pthread_mutex_unlock(&request->lock);
	if (count > 0)
		request->resolver->ops->ask(request->resolver, batch, count);
}

static void answer_silent(struct dns_question *question, const char *why)
{
	struct dns_answer *answer = &question->answer;

	memset(answer, 0, sizeof(*answer));
	answer->state = DNS_SILENT;
	answer->security = DNS_SECURITY_UNKNOWN;
	answer->canonical = question->name;
	answer->why = why;
	question->answered = true;
}

/* Waits; false: not answered by then, nor cancelled. Under the lock. */
static bool answer_wait(struct dns_question *question, int64_t until)
{
	struct dns_request *request = question->request;
	struct timespec end;
	int waited = 0;

	if (until < 0)
		until = 0;
	end.tv_sec = (time_t)(until / 1000);
	end.tv_nsec = (long)(until % 1000) * 1000000;
	while (!question->answered && !request->cancelled && waited == 0)
		waited = pthread_cond_timedwait(&request->answered,
						&request->lock, &end);
	return question->answered || request->cancelled;
}

const struct dns_answer *dns_await_until(struct dns_question *question,
					 int64_t until)
{
	struct dns_request *request;
	bool there;

	if (question == NULL)
		return &answer_lost;
	request = question->request;
	if (until >= request->deadline)
		return dns_await(question);
	dns_send(request);
	(void)pthread_mutex_lock(&request->lock);
	there = answer_wait(question, until);
	(void)pthread_mutex_unlock(&request->lock);
	return there ? dns_await(question) : NULL;
}

const struct dns_answer *dns_await(struct dns_question *question)
{
	struct dns_request *request;

	if (question == NULL)
		return &answer_lost;
	request = question->request;
	dns_send(request);
	(void)pthread_mutex_lock(&request->lock);
	(void)answer_wait(question, request->deadline);
	if (!question->answered)
		answer_silent(question, request->cancelled ?
			      "the request was cancelled" :
			      "no DNS answer came in time");
	(void)pthread_mutex_unlock(&request->lock);
	return &question->answer;
}

bool dns_is_answered(struct dns_question *question)
{
	bool answered;

	if (question == NULL)
		return true;
	(void)pthread_mutex_lock(&question->request->lock);
	answered = question->answered;
	(void)pthread_mutex_unlock(&question->request->lock);
	return answered;
}

size_t dns_request_count(const struct dns_request *request)
{
	return request->count;
}

int64_t dns_question_deadline(const struct dns_question *question)
{
	return question->request->deadline;
}

/* Records and texts into the request's memory; false: they do not fit. */
static bool answer_copy(struct arena *arena, struct dns_answer *to,
			const struct dns_answer *from)
{
	struct bytes *records;
	size_t i, total = 0;

	*to = *from;
	to->records = NULL;
	to->record_count = 0;
	to->canonical = arena_text(arena, bytes_of(from->canonical));
	to->why = arena_text(arena, bytes_of(from->why));
	if (to->canonical == NULL || to->why == NULL)
		return false;
	if (from->state != DNS_HAVE)
		return true;	/* bogus data ends here */
	if (from->record_count == 0 || from->record_count > DNS_RECORDS_MAX)
		return false;
	records = arena_array(arena, from->record_count, sizeof(*records));
	if (records == NULL)
		return false;
	for (i = 0; i < from->record_count; i++) {
		total += from->records[i].len;
		if (total > DNS_ANSWER_MAX)
			return false;
		records[i] = arena_bytes(arena, from->records[i]);
		if (records[i].data == NULL)
			return false;
	}
	to->records = records;
	to->record_count = from->record_count;
	return true;
}

void dns_deliver(struct dns_question *question,
		 const struct dns_answer *answer)
{
	struct dns_request *request = question->request;

	(void)pthread_mutex_lock(&request->lock);
	if (!question->answered) {
		question->answered = true;
		if (!answer_copy(request->arena, &question->answer, answer))
			answer_silent(question, "the DNS answer is larger "
				      "than any real one");
		(void)pthread_cond_broadcast(&request->answered);
	}
	(void)pthread_mutex_unlock(&request->lock);
}

const char *dns_security_word(enum dns_security security)
{
	switch (security) {
	case DNS_INSECURE:		return "insecure";
	case DNS_SECURE:		return "secure";
	case DNS_SECURITY_BOGUS:	return "bogus";
	case DNS_SECURITY_UNKNOWN:
	default:			return NULL;
	}
}

enum dns_security dns_security_least(enum dns_security a, enum dns_security b)
{
	static const enum dns_security order[] = {
		DNS_SECURITY_BOGUS, DNS_SECURITY_UNKNOWN, DNS_INSECURE,
		DNS_SECURE
	};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return DNS_SECURITY_UNKNOWN;
}

struct bytes dns_request_bytes(struct dns_request *request,
			       struct bytes from)
{
	struct bytes out;

	(void)pthread_mutex_lock(&request->lock);
	out = arena_bytes(request->arena, from);
	(void)pthread_mutex_unlock(&request->lock);
	return out;
}
