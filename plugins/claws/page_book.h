/* page_book.h - Claws Mail's address book, on our page of the preferences
 *
 * The agent reads and watches address books that its configuration names.
 * Where it does not name this one, the page says how, and offers to hand over
 * once what is in it. */
#ifndef PLUGINS_CLAWS_PAGE_BOOK_H
#define PLUGINS_CLAWS_PAGE_BOOK_H

#include <gtk/gtk.h>

struct agent;
struct page_book;

/* Packs itself into `box`; `agent` must outlive it. */
struct page_book *page_book_new(GtkBox *box, struct agent *agent);

/* Before the widgets go or after; NULL is allowed. */
void page_book_free(struct page_book *page);

#endif
