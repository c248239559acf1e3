/* verdict.h - what the agent's answer means to a reader
 *
 * mailseal-bus(7) has the dictionary.  Fails closed: a word that is not known
 * here is suspicious, and the name is shown for nothing but display "name". */
#ifndef PLUGINS_CLAWS_VERDICT_H
#define PLUGINS_CLAWS_VERDICT_H

#include <gtk/gtk.h>

enum verdict_word {
	VERDICT_GENUINE,
	VERDICT_AUTHENTICATED,
	VERDICT_UNVERIFIED,
	VERDICT_SUSPICIOUS,
	VERDICT_SPOOFED
};

enum verdict_name { VERDICT_HIDES_NAME, VERDICT_SHOWS_NAME };

struct verdict {
	enum verdict_word word;
	enum verdict_name name;
	gchar *shown_from;	/* what may be shown as the sender, or "" */
	gchar *address;		/* the sender's, or "" */
	gchar *sentence;	/* why: the deciding reason */
};

/* How a verdict looks: never by its colour alone. */
struct verdict_look {
	const char *code;	/* the agent's word */
	const char *title;	/* not translated yet */
	const char *icon;
	GtkMessageType type;
};

/* Of a report; the caller frees. */
struct verdict *verdict_new(GVariant *report);

/* NULL is allowed. */
void verdict_free(struct verdict *verdict);

const struct verdict_look *verdict_look(enum verdict_word word);

#endif
