/* notices.c - from judgements to notices, from choices to deeds */
#include "agent/roles/front/incoming/notices.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/config.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/desk/notify.h"
#include "agent/roles/front/front.h"

struct notices {
	struct notify *notify;
	struct pages *pages;
};

static void choice_readable(struct front *front, void *ctx, short events)
{
	struct notices *notices = ctx;
	struct notify_choice choice;

	(void)events;
	while (notify_take(notices->notify, &choice)) {
		if (choice.act == NOTIFY_EXPLAIN)
			pages_show(notices->pages, choice.id);
		else if (choice.who[0] != 0)
			contacts_trust(front, choice.who);
	}
}

void notices_open(struct front *front)
{
	struct notices *notices = calloc(1, sizeof(*notices));

	if (notices != NULL)
		notices->notify = notify_new();
	if (notices == NULL || notices->notify == NULL ||
	    front_watch(front, notify_fd(notices->notify), POLLIN,
			choice_readable, notices) < 0) {
		log_line(LOG_LEVEL_ERROR, "out of memory for notifications");
		if (notices != NULL)
			notify_free(notices->notify);
		free(notices);
		return;
	}
	front->notices = notices;
}

void notices_close(struct front *front)
{
	struct notices *notices = front->notices;

	if (notices == NULL)
		return;
	front_unwatch(front, notify_fd(notices->notify));
	notify_free(notices->notify);
	pages_free(notices->pages);
	free(notices);
	front->notices = NULL;
}

void notices_tell(struct front *front, enum notice_kind kind, const char *id,
		  const char *who, const char *sentence)
{
	struct notice notice = { kind, id, who, NULL, sentence };

	if (front->notices != NULL)
		notify_tell(front->notices->notify, &notice);
}

/* False: nothing to be told by this configuration. */
static bool kind_of(const struct front *front, const char *verdict,
		    enum notice_kind *kind)
{
	if (verdict == NULL || front->config->notify == CONFIG_NOTIFY_NONE)
		return false;
	*kind = NOTICE_SPOOFED;
	if (strcmp(verdict, "spoofed") == 0)
		return true;
	*kind = NOTICE_SUSPICIOUS;
	return strcmp(verdict, "suspicious") == 0 &&
	       front->config->notify == CONFIG_NOTIFY_SUSPICIOUS;
}

void notices_judged(struct front *front, const struct value *report)
{
	const struct value *from = value_find(report, "from", VALUE_DICT);
	const struct value *reasons = value_find(report, "reasons",
						 VALUE_LIST);
	const char *id = value_text(report, "id"), *sentence = NULL;
	enum notice_kind kind;

	/* Judged before: told before. */
	if (front->notices == NULL ||
	    value_find(report, "judged", VALUE_NUMBER) != NULL ||
	    !kind_of(front, value_text(report, "verdict"), &kind))
		return;
	if (reasons != NULL && reasons->first != NULL)
		sentence = value_text(reasons->first, "text");
	if (id != NULL)
		pages_add(&front->notices->pages, id, report);
	notices_tell(front, kind, id, from == NULL ? NULL :
		     value_text(from, "address"),
		     sentence == NULL ? "" : sentence);
}
