/* view_state.h - what view.c and view_paint.c know of a view
 *
 * view.c decides, view_paint.c puts it on the screen. */
#ifndef PLUGINS_CLAWS_VIEW_STATE_H
#define PLUGINS_CLAWS_VIEW_STATE_H

#include <gtk/gtk.h>

#include "plugins/claws/verdict.h"

struct _MessageView;
struct _MsgInfo;
struct agent;
struct banner;
struct list;
struct settings;

enum view_phase {
	VIEW_EMPTY,		/* no message, or one of the user's own */
	VIEW_WAITS,		/* for the bus */
	VIEW_ASKS,
	VIEW_FAILED,		/* no verdict: `failure` says why */
	VIEW_JUDGED
};

enum view_name {
	VIEW_NAME_PROVED,	/* shown when the verdict shows it */
	VIEW_NAME_REVEALED	/* shown as the user wants it */
};

struct view_list {
	struct agent *agent;
	const struct settings *settings;
	struct list *list;
	GList *views;
};

struct view {
	struct view_list *list;
	struct _MessageView *shown;
	GtkWidget *box;			/* the view's; holds this */
	GtkLabel *from;			/* of the header pane */
	GtkTextBuffer *text;
	struct banner *banner;
	GtkWidget *explanation;		/* a window, or NULL */
	GtkWidget *trust;		/* likewise */
	enum view_name name;
	enum view_phase phase;
	/* whose phase this is; to compare */
	const struct _MsgInfo *message;
	GCancellable *cancel;		/* of what is asked for it */
	struct verdict *verdict;
	gchar *failure;
	guint idle;
};

/* The phase and the name, to the banner, the header pane and the text. */
void view_paint(struct view *view);

/* The header pane alone, and the text alone: Claws Mail wrote there. */
void view_paint_from(struct view *view);
void view_paint_text(struct view *view);

#endif
