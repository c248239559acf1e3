/* page.h - our page in Claws Mail's preferences: Plugins, mailseal */
#ifndef PLUGINS_CLAWS_PAGE_H
#define PLUGINS_CLAWS_PAGE_H

#include "plugins/claws/agent.h"

struct page;
struct servers;
struct settings;

typedef void page_saved(void *ctx);

/* All must outlive it; `saved` is called when the settings are others. */
struct page *page_new(struct settings *settings, struct agent *agent,
		      struct servers *servers, page_saved *saved, void *ctx);

/* NULL is allowed. */
void page_free(struct page *page);

#endif
