/* settings.h - what the user chose on our page of the preferences
 *
 * Kept as Claws Mail keeps such: in its clawsrc, under [mailseal]. */
#ifndef PLUGINS_CLAWS_SETTINGS_H
#define PLUGINS_CLAWS_SETTINGS_H

#include <glib.h>

enum settings_mark {
	SETTINGS_MARK_NOTHING,
	SETTINGS_MARK_SPOOFED,
	SETTINGS_MARK_SUSPICIOUS	/* and spoofed */
};

struct settings {
	gboolean hide_names;	/* until they are proved */
	gint mark;		/* enum settings_mark */
	gint colour;		/* of the mark; 0 none, to 15 */
	gboolean judge_imap;	/* new mail on servers is fetched and judged */
	gboolean check_server;	/* before mail is handed over */
};

/* As they stand in the file, or the defaults.  Lives until the program ends,
 * as Claws Mail keeps pointers into it; one a program. */
struct settings *settings_read(void);

/* Whether they could be written. */
gboolean settings_write(void);

#endif
