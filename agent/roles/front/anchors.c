/* anchors.c - reading trust anchor files; an empty one is an error */
#include "agent/roles/front/anchors.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/file.h"

static int anchor_add(const char *path, struct buf *to, char *why,
		      unsigned why_size)
{
	size_t before = to->len;
	char reason[128];
	const char *text;
	int r = file_read(path, to, reason, sizeof(reason));

	buf_byte(to, '\n');
	text = buf_string(to);
	if (r == ERR_IO)
		(void)snprintf(why, why_size, "the trust anchor %s cannot be "
			       "read: %s; install dns-root-data or set "
			       "trust-anchor in [dns]", path, reason);
	else if (r < 0 || to->full)
		(void)snprintf(why, why_size, "the trust anchors are larger "
			       "than %d bytes in all, with %s", ANCHORS_MAX,
			       path);
	else if (strstr(text + before, "DS") == NULL &&
		 strstr(text + before, "DNSKEY") == NULL)
		(void)snprintf(why, why_size, "the trust anchor %s holds no DS "
			       "and no DNSKEY record; without one every answer "
			       "would count as insecure", path);
	else
		return 0;
	return -1;
}

char *anchors_read(const struct config *config, char *why, unsigned why_size)
{
	const struct config_list *files = &config->trust_anchors;
	char *text = NULL;
	struct buf all;
	size_t i;
	int r = 0;

	buf_init(&all, ANCHORS_MAX);
	if (files->count == 0)
		r = anchor_add(ANCHORS_SYSTEM, &all, why, why_size);
	for (i = 0; r == 0 && i < files->count; i++)
		r = anchor_add(files->items[i], &all, why, why_size);
	if (r == 0 && (text = strdup(buf_string(&all))) == NULL)
		(void)snprintf(why, why_size, "out of memory");
	buf_free(&all);
	return text;
}
