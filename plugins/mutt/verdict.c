/* verdict.c - asking the agent, comparing, and the words */
#include "plugins/mutt/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "plugins/mutt/fresh.h"
#include "plugins/mutt/verdict_delivery.h"
#include "proto/mailseal.h"

#define FOUND_MAX	64
#define ASK_MS		2000	/* a person waits for the page */
#define SILENT_MS	200	/* the same, of an agent that did not answer the
				 * last time (mailseal mutt-rules says so) */
#define REASON_MS	300	/* for a reason only: the verdict is known */

#define NOT_CHECKED	"not checked: "

static void put(char *out, const char *text)
{
	(void)snprintf(out, VERDICT_MAX, "%.*s", VERDICT_MAX - 1, text);
}

/* The address alone, and why. */
static void hide(struct verdict_shown *out, const char *from,
		 const char *why)
{
	char address[HEAD_VALUE_MAX];

	head_address(from, address);
	put(out->from, address);
	put(out->line, why);
}

/* Without < and >, as the agent wants it; false: no single one. */
static bool message_id(const char *head, size_t len, char *out)
{
	size_t size;

	if (head_find(head, len, "Message-ID", out) != 1)
		return false;
	size = strlen(out);
	if (size > 2 && out[0] == '<' && out[size - 1] == '>') {
		memmove(out, out + 1, size - 2);
		out[size - 2] = 0;
	}
	return out[0] != 0;
}

static bool same_value(const char *head, size_t len, const char *name,
		       const char *judged)
{
	char shown[HEAD_VALUE_MAX];

	if (head_find(head, len, name, shown) == 0)
		return judged == NULL || judged[0] == 0;
	return judged != NULL && head_alike(shown, judged);
}

/* Whether that is the judgement of what stands on the screen. */
static bool is_this(const struct mailseal_report *report, const char *head,
		    size_t len)
{
	const char *judged = mailseal_report_text(report, "from.address");
	char from[HEAD_VALUE_MAX], address[HEAD_VALUE_MAX];

	if (head_find(head, len, "From", from) != 1)
		return false;
	head_address(from, address);
	return judged != NULL && address[0] != 0 &&
	       strcasecmp(judged, address) == 0 &&
	       same_value(head, len, "Subject",
			  mailseal_report_text(report, "subject")) &&
	       same_value(head, len, "Date",
			  mailseal_report_text(report, "date"));
}

/* The agent gives the worst first. */
static const struct mailseal_report *choose(
	struct mailseal_report *const *list, size_t count, const char *head,
	size_t len)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_this(list[i], head, len))
			return list[i];
	return NULL;
}

static void show(const struct mailseal_report *report,
		 struct verdict_shown *out)
{
	const char *verdict = mailseal_report_text(report, "verdict");
	const char *from = mailseal_report_text(report, "shown_from");
	const char *text = mailseal_report_member(report, "reasons", 0,
						  "text");

	(void)snprintf(out->line, sizeof(out->line), "%s. %s",
		       verdict == NULL ? "unverified" : verdict,
		       text == NULL ? "" : text);
	put(out->from, from == NULL ? "" : from);
}

/* For what Mutt asks before the next message (fresh.h). */
static void note(enum mailseal_status status)
{
	const char *name = getenv("MAILSEAL_MUTT");

	if (status == MAILSEAL_OK)
		fresh_mend(name);
	else
		fresh_spoil(name, status == MAILSEAL_TIMED_OUT ?
			    FRESH_SILENT : FRESH_ANSWERS);
}

static void ask(struct mailseal *mailseal, const char *id, const char *head,
		size_t len, const char *from, struct verdict_shown *out)
{
	struct mailseal_report *list[FOUND_MAX];
	const struct mailseal_report *found;
	const char *silent = getenv("MAILSEAL_SILENT");
	enum mailseal_status status;
	size_t count = 0, i;
	char why[256];

	mailseal_hurry(mailseal, silent != NULL && strcmp(silent, "1") == 0 ?
		       SILENT_MS : ASK_MS);
	status = mailseal_list_end(mailseal, mailseal_find_start(mailseal, id),
				   list, FOUND_MAX, &count, why, sizeof(why));
	note(status);
	if (status == MAILSEAL_TIMED_OUT) {
		hide(out, from, NOT_CHECKED "the agent does not answer "
		     "(mailseal status); the name is hidden");
		return;
	}
	if (status != MAILSEAL_OK) {
		hide(out, from, NOT_CHECKED "the agent cannot be asked "
		     "(mailseal status); the name is hidden");
		return;
	}
	found = choose(list, count, head, len);
	if (found != NULL)
		show(found, out);
	else if (count > 0)
		hide(out, from, NOT_CHECKED "another message bears this "
		     "Message-ID; the name is hidden");
	else
		hide(out, from, NOT_CHECKED "this message was not judged yet; "
		     "the name is hidden");
	for (i = 0; i < count; i++)
		mailseal_report_free(list[i]);
}

/* Of what is known from delivery the agent tells the reason, if it can. */
static void ask_reason(struct mailseal *mailseal, const char *id,
		       const char *head, size_t len, const char *told,
		       struct verdict_shown *out)
{
	struct mailseal_report *list[FOUND_MAX];
	const struct mailseal_report *found;
	enum mailseal_status status;
	size_t count = 0, i;
	char why[256];

	mailseal_hurry(mailseal, REASON_MS);
	status = mailseal_list_end(mailseal, mailseal_find_start(mailseal, id),
				   list, FOUND_MAX, &count, why, sizeof(why));
	note(status);
	if (status != MAILSEAL_OK)
		return;
	found = choose(list, count, head, len);
	if (found != NULL &&
	    verdict_delivery_is(told, mailseal_report_text(found, "verdict"),
				mailseal_report_text(found, "display")))
		show(found, out);
	for (i = 0; i < count; i++)
		mailseal_report_free(list[i]);
}

void verdict_find(const char *head, size_t len, const char *delivered,
		  struct verdict_shown *out)
{
	char id[HEAD_VALUE_MAX], from[HEAD_VALUE_MAX];
	enum mailseal_status status;
	struct mailseal *mailseal;
	char why[512];
	bool told;

	if (head_find(head, len, "From", from) != 1) {
		from[0] = 0;
		hide(out, "", NOT_CHECKED "there is no From, or there are "
		     "several");
	}
	told = verdict_delivery(delivered, from, out);
	if (from[0] == 0)
		return;
	if (!message_id(head, len, id)) {
		if (!told)
			hide(out, from, NOT_CHECKED "the message has no "
			     "Message-ID, or Mutt does not show it (unignore "
			     "message-id)");
		return;
	}
	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal != NULL && told)
		ask_reason(mailseal, id, head, len, delivered, out);
	else if (mailseal != NULL)
		ask(mailseal, id, head, len, from, out);
	else if (!told)
		hide(out, from, NOT_CHECKED "the session bus cannot be "
		     "reached; the name is hidden");
	if (mailseal == NULL)
		note(status);
	mailseal_close(mailseal);
}
