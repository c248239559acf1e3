/* page_accounts.h - how each account sends, on our page of the preferences
 *
 * For each account that sends: what the agent found out about its server, and
 * a box that makes mailseal-sendmail its mail command, which is safest. */
#ifndef PLUGINS_CLAWS_PAGE_ACCOUNTS_H
#define PLUGINS_CLAWS_PAGE_ACCOUNTS_H

#include <gtk/gtk.h>

struct page_accounts;
struct servers;

/* Packs itself into `box` and asks for the servers; their answers are shown
 * when they come. */
struct page_accounts *page_accounts_new(GtkBox *box, struct servers *servers);

/* Before the widgets go or after; NULL is allowed. */
void page_accounts_free(struct page_accounts *page);

/* What the boxes say becomes so. */
void page_accounts_save(struct page_accounts *page);

#endif
