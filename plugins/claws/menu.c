/* menu.c - our entries in Claws Mail's menus */
#include <claws-features.h>
#include <main.h>
#include <mainwindow.h>
#include <glib/gi18n-lib.h>

#include "plugins/claws/menu.h"

/* Claws Mail's menus are GtkActions, which GTK has given up. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define MENU_PLACE	"/Menu/Message"
#define MENU_NAME	"Mailseal"

struct menu {
	struct menu_actions actions;
	void *ctx;
	GtkUIManager *manager;
	GtkActionGroup *group;
	guint merged;
};

static void explain(GtkAction *action, gpointer ctx)
{
	const struct menu *menu = ctx;

	(void)action;
	menu->actions.explain(menu->ctx);
}

static void trust(GtkAction *action, gpointer ctx)
{
	const struct menu *menu = ctx;

	(void)action;
	menu->actions.trust(menu->ctx);
}

static void reveal(GtkAction *action, gpointer ctx)
{
	const struct menu *menu = ctx;

	(void)action;
	menu->actions.reveal(menu->ctx);
}

static const GtkActionEntry entries[] = {
	{ MENU_NAME, NULL, N_("_Sender (mailseal)"), NULL, NULL, NULL },
	{ MENU_NAME "/Explain", NULL, N_("_Explain the verdict"), NULL, NULL,
	  G_CALLBACK(explain) },
	{ MENU_NAME "/Trust", NULL, N_("_Trust this sender..."), NULL, NULL,
	  G_CALLBACK(trust) },
	{ MENU_NAME "/Reveal", NULL, N_("_Show the name as it was written"),
	  NULL, NULL, G_CALLBACK(reveal) }
};

struct menu *menu_new(const struct menu_actions *actions, void *ctx)
{
	MainWindow *window = mainwindow_get_mainwindow();
	struct menu *menu;
	guint i;

	if (window == NULL || window->ui_manager == NULL)
		return NULL;
	menu = g_new0(struct menu, 1);
	menu->actions = *actions;
	menu->ctx = ctx;
	menu->manager = g_object_ref(window->ui_manager);
	menu->group = gtk_action_group_new("mailseal");
	gtk_action_group_set_translation_domain(menu->group, GETTEXT_PACKAGE);
	gtk_action_group_add_actions(menu->group, entries,
				     G_N_ELEMENTS(entries), menu);
	gtk_ui_manager_insert_action_group(menu->manager, menu->group, -1);
	menu->merged = gtk_ui_manager_new_merge_id(menu->manager);
	gtk_ui_manager_add_ui(menu->manager, menu->merged, MENU_PLACE,
			      MENU_NAME, MENU_NAME, GTK_UI_MANAGER_MENU,
			      FALSE);
	for (i = 1; i < G_N_ELEMENTS(entries); i++)
		gtk_ui_manager_add_ui(menu->manager, menu->merged,
				      MENU_PLACE "/" MENU_NAME,
				      entries[i].name, entries[i].name,
				      GTK_UI_MANAGER_MENUITEM, FALSE);
	return menu;
}

void menu_free(struct menu *menu)
{
	if (menu == NULL)
		return;
	if (!claws_is_exiting()) {
		gtk_ui_manager_remove_ui(menu->manager, menu->merged);
		gtk_ui_manager_remove_action_group(menu->manager, menu->group);
		gtk_ui_manager_ensure_update(menu->manager);
	}
	g_object_unref(menu->group);
	g_object_unref(menu->manager);
	g_free(menu);
}
