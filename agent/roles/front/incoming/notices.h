/* notices.h - what the user is told on the desktop, and what then
 *
 * Notices go to the notification daemon (desk/notify.h); "Explain" opens a
 * page, "Trust this sender" makes the address known. */
#ifndef MAILSEAL_ROLES_FRONT_INCOMING_NOTICES_H
#define MAILSEAL_ROLES_FRONT_INCOMING_NOTICES_H

#include "agent/desk/notice.h"

struct front;
struct value;

void notices_open(struct front *front);
void notices_close(struct front *front);

/* Mail that has just arrived was judged: told by the configuration's `notify`,
 * unless it was judged before. */
void notices_judged(struct front *front, const struct value *report);

/* Anything else.  `id` and `who` may be NULL. */
void notices_tell(struct front *front, enum notice_kind kind, const char *id,
		  const char *who, const char *sentence);

/* --- incoming/explain.c: the pages behind "Explain", the last ones. */
struct pages;
void pages_add(struct pages **pages, const char *id,
	       const struct value *report);
/* Writes the page of that id and has the desktop open it. */
void pages_show(const struct pages *pages, const char *id);
void pages_free(struct pages *pages);		/* NULL is allowed */

#endif
