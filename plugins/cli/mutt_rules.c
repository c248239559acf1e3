/* mutt_rules.c - mailseal mutt-rules: verdicts as configuration of Mutt
 *
 * Mutt asks nobody about a message in its index; it has patterns.  Here they
 * are made of the delivery filter's field (mutt_field.c) and, for mail without
 * it, of the Message-IDs judged last: the name is shown for those that are
 * genuine, spoofed and suspicious ones are coloured.  For
 * `source "mailseal mutt-rules|"`; nothing is printed when nothing changed
 * since the same Mutt asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/mutt_field.h"
#include "plugins/cli/mutt_session.h"
#include "plugins/mutt/fresh.h"

#define COUNT_DEFAULT	1000
#define COUNT_MAX	5000
#define CHUNK_MAX	100	/* Message-IDs of one pattern */
#define SWEEP_TRIES	40	/* of 25 ms: until what was missed is judged */
#define ID_MAX		200	/* bytes; longer ones are left out */

/* Mutt stands still meanwhile.  An agent that did not answer within that time
 * is given less until it does again: $MAILSEAL_SILENT, which the display
 * filter heeds too. */
#define FIRST_MS	4000
#define AGAIN_MS	1500
#define SILENT_MS	200

/* What may stand in a pattern in quotes in Mutt's configuration. */
static bool is_plain(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len <= ID_MAX &&
	       strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "abcdefghijklmnopqrstuvwxyz0123456789"
		      ".@_-+=/$!#%&*?{}~|") == len;
}

/* As a regular expression that matches itself. */
static void print_id(FILE *to, const char *id)
{
	for (; *id != 0; id++)
		(void)fprintf(to, strchr(".+*?$|{}", *id) != NULL ? "[%c]" :
			      "%c", *id);
}

/* One pattern of many Message-IDs. */
struct chunk {
	const char *but;		/* a pattern of what it is not for */
	FILE *to;			/* a pattern under way; NULL: none */
	char *text;
	size_t len;
	unsigned count;
};

static void chunk_add(struct chunk *chunk, const char *id)
{
	if (chunk->to == NULL) {
		chunk->to = open_memstream(&chunk->text, &chunk->len);
		if (chunk->to == NULL)
			return;
		(void)fputs("~i \"^<(", chunk->to);
	} else {
		(void)fputc('|', chunk->to);
	}
	print_id(chunk->to, id);
	chunk->count++;
}

/* NULL: there is none. The caller's to free. */
static char *chunk_take(struct chunk *chunk)
{
	char *text;

	if (chunk->to == NULL)
		return NULL;
	(void)fprintf(chunk->to, ")>$\"%s", chunk->but);
	if (fclose(chunk->to) != 0) {
		free(chunk->text);
		chunk->text = NULL;
	}
	text = chunk->text;
	*chunk = (struct chunk){ chunk->but, NULL, NULL, 0, 0 };
	return text;
}

static void print_shown(struct chunk *chunk, const char *hook)
{
	char *pattern = chunk_take(chunk);

	if (pattern != NULL)
		(void)printf("index-format-hook %s '%s' '%%-22.22F'\n", hook,
			     pattern);
	free(pattern);
}

static void print_warned(struct chunk *chunk, struct mutt_session *session)
{
	char *pattern = chunk_take(chunk);

	if (pattern != NULL) {
		(void)printf("color index brightred default '%s'\n", pattern);
		mutt_session_coloured(session, pattern);
	}
	free(pattern);
}

static void rules_print(struct mailseal_report *const *list, size_t count,
			const char *field, struct mutt_session *session)
{
	const char *but = mutt_field_but(field);
	struct chunk shown = { but, NULL, NULL, 0, 0 };
	struct chunk warned = { but, NULL, NULL, 0, 0 };
	const char *id, *display;
	char hook[64];
	size_t i;

	(void)snprintf(hook, sizeof(hook), "mailseal_%s",
		       mutt_session_generation(session));
	mutt_session_uncolour(session);
	mutt_field_print(field, hook, session);
	for (i = 0; i < count; i++) {
		id = mailseal_report_text(list[i], "message_id");
		display = mailseal_report_text(list[i], "display");
		if (id == NULL || display == NULL || !is_plain(id))
			continue;
		if (strcmp(display, "name") == 0)
			chunk_add(&shown, id);
		else if (strcmp(display, "warning") == 0)
			chunk_add(&warned, id);
		if (shown.count == CHUNK_MAX)
			print_shown(&shown, hook);
		if (warned.count == CHUNK_MAX)
			print_warned(&warned, session);
	}
	print_shown(&shown, hook);
	print_warned(&warned, session);
	(void)printf("index-format-hook %s '~A' '%%-22.22a'\n"
		     "set index_format=\"$my_mailseal_index_left%%@%s@"
		     "$my_mailseal_index_right\"\n"
		     "set pager_format=\"$my_mailseal_pager_left%%@%s@"
		     "$my_mailseal_pager_right\"\n", hook, hook, hook);
}

/* What holds for every message now. */
struct store_now {
	int64_t changes;	/* another one when something changed; -1: not
				 * known */
	char field[MUTT_FIELD_ROOM];	/* the filter's; "": not known */
};

static enum mailseal_status store_ask(struct mailseal *mailseal,
				      const struct mutt_session *session,
				      struct store_now *now)
{
	enum mailseal_status status;
	struct mailseal_report *report;
	char why[256];

	*now = (struct store_now){ -1, "" };
	mutt_session_field(session, now->field);
	status = mailseal_property(mailseal, "Store", &report, why,
				   sizeof(why));
	if (status != MAILSEAL_OK)
		return status;
	now->changes = mailseal_report_number(report, "changes", -1);
	mutt_field_take(mailseal_report_text(report, "field"), now->field);
	mailseal_report_free(report);
	return MAILSEAL_OK;
}

static bool was_silent(void)
{
	const char *silent = getenv("MAILSEAL_SILENT");

	return silent != NULL && strcmp(silent, "1") == 0;
}

static void silence_print(enum mailseal_status status)
{
	bool silent = status == MAILSEAL_TIMED_OUT;

	if (silent != was_silent())
		(void)printf("setenv MAILSEAL_SILENT %d\n", silent ? 1 : 0);
}

/* At the start: what came while the agent did not run is judged first. */
static void sweep_wait(struct mailseal *mailseal)
{
	const struct timespec pause = { 0, 25000000 };
	struct mailseal_report *report;
	bool busy = true;
	char why[256];
	int tries;

	for (tries = 0; busy && tries < SWEEP_TRIES; tries++) {
		if (tries > 0)
			(void)nanosleep(&pause, NULL);
		if (mailseal_property(mailseal, "Folders", &report, why,
				      sizeof(why)) != MAILSEAL_OK)
			return;
		busy = mailseal_report_truth(report, "busy");
		mailseal_report_free(report);
	}
}

/* Whether what Mutt has now holds until something changes. */
static bool rules(struct mailseal *mailseal, struct mutt_session *session,
		  unsigned most)
{
	struct mailseal_report **list = calloc(most, sizeof(*list));
	struct store_now now;
	size_t count = 0, i;
	char why[256];

	silence_print(store_ask(mailseal, session, &now));
	if (mutt_session_knows(session, now.changes)) {
		free(list);
		return now.changes >= 0;
	}
	if (list == NULL ||
	    mailseal_list_end(mailseal, mailseal_newest_start(mailseal, most),
			      list, most, &count, why, sizeof(why)) !=
	    MAILSEAL_OK)
		now.changes = -1;	/* no names; asked again next time */
	rules_print(list, count, now.field, session);
	mutt_session_keep(session, now.changes, now.field);
	for (i = 0; i < count; i++)
		mailseal_report_free(list[i]);
	free(list);
	return now.changes >= 0;
}

/* No bus: what was written at delivery, and no name else. */
static void rules_without(struct mutt_session *session)
{
	char field[MUTT_FIELD_ROOM];

	if (mutt_session_knows(session, -1))
		return;
	mutt_session_field(session, field);
	rules_print(NULL, 0, field, session);
	mutt_session_keep(session, -1, field);
}

/* What Mutt sources before a message; common.rc has another until then. */
static void fresh_print(const char *name)
{
	char path[FRESH_PATH];

	if (fresh_path(name, path) && access(path, R_OK) == 0)
		(void)printf("set my_mailseal_fresh=\"%s\"\n", path);
}

int mutt_rules_command(int argc, char **argv)
{
	enum mailseal_status status;
	struct mutt_session *session;
	struct mailseal *mailseal;
	unsigned long most = COUNT_DEFAULT;
	bool first = false, holds = false;
	const char *name;
	char why[512];
	int i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--first") == 0) {
			first = true;
		} else if (strcmp(argv[i], "--count") == 0 && i + 1 < argc) {
			most = strtoul(argv[++i], NULL, 10);
		} else {
			complain("mutt-rules takes --first and --count NUMBER; "
				 "see mailseal-mutt(7).");
			return EX_USAGE;
		}
	}
	if (most == 0 || most > COUNT_MAX) {
		complain("--count takes a number from 1 to %d.", COUNT_MAX);
		return EX_USAGE;
	}
	/* Whatever fails, Mutt gets rules that show no name, and no words on
	 * its screen. */
	session = mutt_session_open(first ? MUTT_FIRST : MUTT_AGAIN);
	name = mutt_session_name(session);
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal == NULL) {
		rules_without(session);
	} else {
		mailseal_hurry(mailseal, was_silent() ? SILENT_MS :
			       first ? FIRST_MS : AGAIN_MS);
		if (first)
			sweep_wait(mailseal);
		holds = fresh_take(name);
		holds = rules(mailseal, session, (unsigned)most) && holds;
	}
	if (holds)
		fresh_put(name);
	else
		fresh_spoil(name, FRESH_ANSWERS);
	if (first)
		fresh_print(name);
	mailseal_close(mailseal);
	mutt_session_free(session);
	return EX_OK;
}
