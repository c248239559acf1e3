/* script_resolver.c - what a script answers, at once or late */
#include "tests/lab/script_resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "agent/base/clock.h"
#include "tests/lab/script_table.h"

#define CHAIN_MAX	8	/* CNAMEs followed */
#define SCRIPT_TTL	300

/* --- what it answers; under the lock */

static const struct manner *manner_find(const struct script_resolver *script,
					const char *name)
{
	const struct manner *manner = script->manners;

	while (manner != NULL && strcasecmp(manner->name, name) != 0)
		manner = manner->next;
	return manner;
}

static const struct row *row_find(const struct script_resolver *script,
				  const char *name, enum dns_type type)
{
	const struct row *row = script->rows;

	while (row != NULL && (row->type != type ||
			       strcasecmp(row->name, name) != 0))
		row = row->next;
	return row;
}

/* The name itself, or one below it (an empty non-terminal). */
static bool name_exists(const struct script_resolver *script, const char *name)
{
	size_t len = strlen(name), row_len;
	const struct row *row;

	for (row = script->rows; row != NULL; row = row->next) {
		row_len = strlen(row->name);
		if (row_len < len ||
		    strcasecmp(row->name + row_len - len, name) != 0)
			continue;
		if (row_len == len || len == 0 ||
		    row->name[row_len - len - 1] == '.')
			return true;
	}
	return false;
}

/* The text of a name in wire form; false: it is none. */
static bool name_read(struct bytes wire, char name[DNS_NAME_MAX + 1])
{
	size_t at = 0, used = 0, len;

	while (at < wire.len && wire.data[at] != 0) {
		len = wire.data[at++];
		if (len > SCRIPT_LABEL_MAX || at + len > wire.len ||
		    used + len + 1 > DNS_NAME_MAX + 1)
			return false;
		memcpy(name + used, wire.data + at, len);
		used += len;
		name[used++] = '.';
		at += len;
	}
	name[used > 0 ? used - 1 : 0] = 0;
	return at < wire.len;
}

static struct bytes row_bytes(const struct row *row)
{
	struct bytes out = { row->rdata, row->len };

	return out;
}

static void answer_state(struct dns_answer *answer, enum dns_state state,
			 const char *why)
{
	answer->state = state;
	answer->why = why;
	if (state == DNS_BOGUS)
		answer->security = DNS_SECURITY_BOGUS;
	else if (state == DNS_SILENT)
		answer->security = DNS_SECURITY_UNKNOWN;
}

static void answer_forced(struct dns_answer *answer, enum dns_state state)
{
	switch (state) {
	case DNS_BOGUS:
		answer_state(answer, state, "the script says bogus");
		break;
	case DNS_SILENT:
		answer_state(answer, state, "the script says silent");
		break;
	case DNS_HAVE:
	case DNS_NOTHING:
	case DNS_NXDOMAIN:
	default:
		answer_state(answer, state, "");
		break;
	}
}

static void answer_records(const struct script_resolver *script,
			   const char *name, enum dns_type type,
			   struct dns_answer *answer,
			   struct bytes records[DNS_RECORDS_MAX])
{
	const struct row *row;

	for (row = script->rows; row != NULL; row = row->next) {
		if (row->type != type || strcasecmp(row->name, name) != 0)
			continue;
		if (answer->record_count == DNS_RECORDS_MAX)
			script_fault("too many records", name);
		records[answer->record_count++] = row_bytes(row);
	}
	answer->records = records;
	if (answer->record_count > 0)
		answer_state(answer, DNS_HAVE, "");
	else
		answer_state(answer, name_exists(script, name) ?
			     DNS_NOTHING : DNS_NXDOMAIN, "");
}

/* The thread that delivers and the one that asks both come here. */
static void script_answer(const struct script_resolver *script,
			  struct dns_question *question)
{
	struct bytes records[DNS_RECORDS_MAX];
	char name[DNS_NAME_MAX + 1];
	struct dns_answer answer;
	const struct manner *manner;
	const struct row *cname;
	unsigned link;

	if (question->fresh && script->fresh != NULL)
		script = script->fresh;
	memset(&answer, 0, sizeof(answer));
	answer.ttl = SCRIPT_TTL;
	answer.security = DNS_SECURE;
	answer.canonical = name;
	memcpy(name, question->name, sizeof(name));
	for (link = 0; ; link++) {
		manner = manner_find(script, name);
		if (manner != NULL && manner->has_security)
			answer.security = dns_security_least(answer.security,
							manner->security);
		if (manner != NULL && manner->has_state) {
			answer_forced(&answer, manner->state);
			break;
		}
		cname = question->type == DNS_CNAME ? NULL :
			row_find(script, name, DNS_CNAME);
		if (cname == NULL) {
			answer_records(script, name, question->type, &answer,
				       records);
			break;
		}
		if (link == CHAIN_MAX || !name_read(row_bytes(cname), name)) {
			answer_state(&answer, DNS_SILENT,
				     "the DNS servers failed (SERVFAIL)");
			break;
		}
	}
	if (answer.security == DNS_SECURE) {
		answer.signed_from = script->signed_from;
		answer.signed_until = script->signed_until;
	}
	dns_deliver(question, &answer);
}

/* --- late answers */

/* The one that is due first; NULL: none waits. */
static struct late **late_first(struct script_resolver *script)
{
	struct late **at, **first = NULL;

	for (at = &script->late; *at != NULL; at = &(*at)->next)
		if (first == NULL || (*at)->due < (*first)->due)
			first = at;
	return first;
}

static void *late_run(void *ctx)
{
	struct script_resolver *script = ctx;
	struct late **first, *late;
	struct timespec until;

	(void)pthread_mutex_lock(&script->lock);
	while (!script->stop) {
		first = late_first(script);
		if (first == NULL) {
			(void)pthread_cond_wait(&script->changed,
						&script->lock);
			continue;
		}
		late = *first;
		if (late->due > clock_now_ms()) {
			until.tv_sec = (time_t)(late->due / 1000);
			until.tv_nsec = (long)(late->due % 1000) * 1000000;
			(void)pthread_cond_timedwait(&script->changed,
						     &script->lock, &until);
			continue;
		}
		*first = late->next;
		script_answer(script, late->question);
		free(late);
	}
	(void)pthread_mutex_unlock(&script->lock);
	return NULL;
}

static void late_add(struct script_resolver *script,
		     struct dns_question *question, unsigned delay)
{
	struct late *late = script_memory(sizeof(*late));

	late->question = question;
	late->due = clock_now_ms() + delay;
	late->next = script->late;
	script->late = late;
	if (!script->has_thread) {
		if (pthread_create(&script->thread, NULL, late_run,
				   script) != 0)
			script_fault("no thread", question->name);
		script->has_thread = true;
	}
	(void)pthread_cond_signal(&script->changed);
}

/* --- the door */

static const char *type_word(enum dns_type type, char room[16])
{
	switch (type) {
	case DNS_A:		return "A";
	case DNS_CNAME:		return "CNAME";
	case DNS_PTR:		return "PTR";
	case DNS_MX:		return "MX";
	case DNS_TXT:		return "TXT";
	case DNS_AAAA:		return "AAAA";
	case DNS_SRV:		return "SRV";
	case DNS_SMIMEA:	return "SMIMEA";
	case DNS_TLSA:		return "TLSA";
	case DNS_OPENPGPKEY:	return "OPENPGPKEY";
	default:
		(void)snprintf(room, 16, "TYPE%d", (int)type);
		return room;
	}
}

static void script_ask(struct resolver *resolver,
		       struct dns_question *const *questions, size_t count)
{
	struct script_resolver *script =
		(struct script_resolver *)(void *)resolver;
	const struct manner *manner;
	char room[16];
	size_t i, nth;

	(void)pthread_mutex_lock(&script->lock);
	for (i = 0; i < count; i++) {
		nth = atomic_load(&script->asked_count);
		if (nth < SCRIPT_ASKED_MAX)
			(void)snprintf(script->asked[nth], SCRIPT_ASKED_TEXT,
				       "%s %s", questions[i]->name,
				       type_word(questions[i]->type, room));
		atomic_store(&script->asked_count, nth + 1);
		manner = manner_find(script, questions[i]->name);
		if (manner != NULL && manner->delay > 0 &&
		    (manner->delayed == 0 ||
		     manner->delayed == questions[i]->type))
			late_add(script, questions[i], manner->delay);
		else
			script_answer(script, questions[i]);
	}
	(void)pthread_mutex_unlock(&script->lock);
}

static void script_forget(struct resolver *resolver,
			  struct dns_question *const *questions, size_t count)
{
	struct script_resolver *script =
		(struct script_resolver *)(void *)resolver;
	struct late **at, *gone;
	size_t i;

	(void)pthread_mutex_lock(&script->lock);
	for (i = 0; i < count; i++) {
		at = &script->late;
		while (*at != NULL && (*at)->question != questions[i])
			at = &(*at)->next;
		gone = *at;
		if (gone == NULL)
			continue;
		*at = gone->next;
		free(gone);
	}
	(void)pthread_mutex_unlock(&script->lock);
}

static const struct resolver_ops script_ops = { script_ask, script_forget };

struct script_resolver *script_resolver_new(void)
{
	struct script_resolver *script = script_memory(sizeof(*script));
	pthread_condattr_t attributes;

	script->resolver.ops = &script_ops;
	script->rows_end = &script->rows;
	(void)pthread_mutex_init(&script->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&script->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return script;
}

void script_resolver_free(struct script_resolver *script)
{
	struct manner *manner;
	struct late *late;
	struct row *row;

	if (script == NULL)
		return;
	(void)pthread_mutex_lock(&script->lock);
	script->stop = true;
	(void)pthread_cond_signal(&script->changed);
	(void)pthread_mutex_unlock(&script->lock);
	if (script->has_thread)
		(void)pthread_join(script->thread, NULL);
	while ((row = script->rows) != NULL) {
		script->rows = row->next;
		free(row->rdata);
		free(row);
	}
	while ((manner = script->manners) != NULL) {
		script->manners = manner->next;
		free(manner);
	}
	while ((late = script->late) != NULL) {
		script->late = late->next;
		free(late);
	}
	(void)pthread_cond_destroy(&script->changed);
	(void)pthread_mutex_destroy(&script->lock);
	free(script);
}

struct resolver *script_resolver_door(struct script_resolver *script)
{
	return &script->resolver;
}

size_t script_asked(const struct script_resolver *script)
{
	return atomic_load(&script->asked_count);
}

const char *script_asked_nth(const struct script_resolver *script, size_t nth)
{
	if (nth >= script_asked(script) || nth >= SCRIPT_ASKED_MAX)
		return "";
	return script->asked[nth];
}
