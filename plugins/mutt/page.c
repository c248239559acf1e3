/* page.c - the text below the header block, on its way into Mutt's pager */
#include "plugins/mutt/page.h"

#include <string.h>
#include <strings.h>

#define NOT_THE_SENDERS	"mailseal: This is not the sender's signature.\n"

static bool line_is(const char *line, size_t len, const char *text)
{
	size_t size = strlen(text);

	return len == size + 1 && line[size] == '\n' &&
	       memcmp(line, text, size) == 0;
}

/* Whether one of the addresses in that line is From's. */
static bool is_senders(const struct page *page, const char *line, size_t len)
{
	size_t size = strlen(page->from), one;
	const char *end;

	line += sizeof(PAGE_SIGNER) - 1;
	len -= sizeof(PAGE_SIGNER) - 1;
	while (len > 2 && line[len - 2] == '.' && line[len - 1] == '\n')
		len -= 2;
	while (len > 0) {
		end = memchr(line, ',', len);
		one = end == NULL ? len : (size_t)(end - line);
		if (size > 0 && one == size &&
		    strncasecmp(line, page->from, size) == 0)
			return true;
		one += one < len;
		one += one < len && line[one] == ' ';
		line += one;
		len -= one;
	}
	return false;
}

/* The signer, and it is not the sender. */
static bool names_another(const struct page *page, const char *line,
			  size_t len)
{
	return len >= sizeof(PAGE_SIGNER) - 1 &&
	       strncmp(line, PAGE_SIGNER, sizeof(PAGE_SIGNER) - 1) == 0 &&
	       !is_senders(page, line, len);
}

static void line_put(struct page *page, const char *line, size_t len)
{
	enum opened_note opened;

	if (names_another(page, line, len))
		(void)fputs(NOT_THE_SENDERS, page->to);
	else if (page->believed)
		(void)fputs(PAGE_BELIEVED "\n", page->to);
	page->believed = false;
	opened = opened_line(page->name, line, len);
	if (opened != OPENED_NONE && page->opened != OPENED_FIRST)
		page->opened = opened;
	if (opened != OPENED_NONE)
		return;
	if (line_is(line, len, PAGE_BELIEVED))
		page->believed = true;
	else
		(void)fwrite(line, 1, len, page->to);
}

/* Of a line that ends later; what is too long for one of ours passes. */
static void part_put(struct page *page, const char *text, size_t len)
{
	size_t room = sizeof(page->line) - page->used;
	size_t some = len < room ? len : room;

	if (!page->passing) {
		memcpy(page->line + page->used, text, some);
		page->used += some;
		text += some;
		len -= some;
	}
	if (len == 0)
		return;
	if (page->used > 0)
		line_put(page, page->line, page->used);
	page->used = 0;
	page->passing = true;
	(void)fwrite(text, 1, len, page->to);
}

void page_put(struct page *page, const char *text, size_t len)
{
	const char *end;
	size_t line;

	for (; len > 0; text += line, len -= line) {
		end = memchr(text, '\n', len);
		line = end == NULL ? len : (size_t)(end - text) + 1;
		if (end != NULL && page->used == 0 && !page->passing) {
			line_put(page, text, line);
			continue;
		}
		part_put(page, text, line);
		if (end == NULL)
			continue;
		if (page->used > 0)
			line_put(page, page->line, page->used);
		page->used = 0;
		page->passing = false;
	}
}

void page_end(struct page *page)
{
	if (page->used > 0)
		line_put(page, page->line, page->used);
	if (page->believed)
		(void)fputs(PAGE_BELIEVED "\n", page->to);
	page->used = 0;
	page->believed = false;
}
