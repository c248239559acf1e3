/* view.h - one message view of Claws Mail, and what it may show
 *
 * A view is the pane of the main window or a window of its own.  For each we
 * keep a banner, the verdict of the message in it, and what hides the
 * sender's name: in the header pane and in the text.  Without a verdict that
 * shows it, the name is hidden.  Lives as long as the view. */
#ifndef PLUGINS_CLAWS_VIEW_H
#define PLUGINS_CLAWS_VIEW_H

#include "plugins/claws/agent.h"

struct _MessageView;
struct view;
struct view_list;
struct list;
struct settings;

/* All views; what it is given must outlive it. */
struct view_list *view_list_new(struct agent *agent,
				const struct settings *settings,
				struct list *rows);

/* Leaves every view as Claws Mail made it.  NULL is allowed. */
void view_list_free(struct view_list *list);

/* Takes care of a view, if that is not done yet. */
struct view *view_attach(struct view_list *list, struct _MessageView *shown);

/* The view shows another message, or the same one anew. */
void view_changed(struct view *view);

/* What the menus offer. */
void view_explain(struct view *view);
void view_trust(struct view *view);
void view_reveal(struct view *view);	/* the name, until another message */

/* Every message that is shown is judged anew. */
void view_list_again(struct view_list *list);

/* Claws Mail shows the messages anew: a part of one was opened. */
void view_list_redraw(struct view_list *list);

/* The settings are others. */
void view_list_changed(struct view_list *list);

/* The agent came or went. */
void view_list_agent(struct view_list *list, enum agent_state state);

#endif
