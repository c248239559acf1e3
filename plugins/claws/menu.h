/* menu.h - our entries in Claws Mail's menus
 *
 * Message, mailseal: what can be done about the message that the main window
 * shows. */
#ifndef PLUGINS_CLAWS_MENU_H
#define PLUGINS_CLAWS_MENU_H

struct menu;

struct menu_actions {
	void (*explain)(void *ctx);
	void (*trust)(void *ctx);
	void (*reveal)(void *ctx);
};

/* NULL where there is no main window. */
struct menu *menu_new(const struct menu_actions *actions, void *ctx);

/* Takes the entries away; NULL is allowed. */
void menu_free(struct menu *menu);

#endif
