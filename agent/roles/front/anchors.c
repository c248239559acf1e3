/* anchors.c - reading trust anchor files; an empty one is an error */
#include "agent/roles/front/anchors.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/base/config.h"

static int anchor_add(const char *path, char *text, size_t *len, char *why,
		      unsigned why_size)
{
	FILE *file = fopen(path, "re");
	size_t got;

	if (file == NULL) {
		(void)snprintf(why, why_size, "the trust anchor %s cannot be "
			       "read: %s; install dns-root-data or set "
			       "trust-anchor in [dns]", path,
			       strerror(errno));
		return -1;
	}
	got = fread(text + *len, 1, ANCHORS_MAX - *len - 2, file);
	(void)fclose(file);
	text[*len + got] = 0;
	if (strstr(text + *len, "DS") == NULL &&
	    strstr(text + *len, "DNSKEY") == NULL) {
		(void)snprintf(why, why_size, "the trust anchor %s holds no DS "
			       "and no DNSKEY record; without one every answer "
			       "would count as insecure", path);
		return -1;
	}
	*len += got;
	if (*len >= ANCHORS_MAX - 2) {
		(void)snprintf(why, why_size, "the trust anchors are larger "
			       "than %d bytes in all", ANCHORS_MAX);
		return -1;
	}
	text[(*len)++] = '\n';
	text[*len] = 0;
	return 0;
}

char *anchors_read(const struct config *config, char *why, unsigned why_size)
{
	const struct config_list *files = &config->trust_anchors;
	char *text = calloc(1, ANCHORS_MAX);
	size_t len = 0, i;
	int r = 0;

	if (text == NULL) {
		(void)snprintf(why, why_size, "out of memory");
		return NULL;
	}
	if (files->count == 0)
		r = anchor_add(ANCHORS_SYSTEM, text, &len, why, why_size);
	for (i = 0; r == 0 && i < files->count; i++)
		r = anchor_add(files->items[i], text, &len, why, why_size);
	if (r == 0)
		return text;
	free(text);
	return NULL;
}
