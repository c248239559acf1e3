/* authorities.c - the files of authorities, as one descriptor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/file.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"

#define PEM_MAX	(16 * 1024 * 1024)	/* octets of all files */
#define SENTENCE_MAX 4500		/* with a path in it */

/* The first one is kept for who asks. */
static void complain(struct front *front, const char *path,
		     const char *reason)
{
	char text[SENTENCE_MAX];

	(void)snprintf(text, sizeof(text), "the authorities in %s do not "
		       "count: %s", path, reason);
	log_line(LOG_LEVEL_WARNING, "%s", text);
	if (front->authorities_problem == NULL)
		front->authorities_problem = strdup(text);
}

/* Adds the file, or leaves `to` as it was and says why. */
static void add_file(struct front *front, struct buf *to, const char *path)
{
	size_t before = to->len;
	char reason[128];

	if (file_read(path, to, reason, sizeof(reason)) < 0)
		complain(front, path, to->full ? "this file, with those "
			 "before it, is too large" : reason);
	else if (to->len == before)
		complain(front, path, "it is empty");
	else
		buf_text(to, "\n");
	if (to->full) {
		to->len = before;
		to->full = false;
	}
}

void front_send_authorities(struct front *front, enum child_kind kind)
{
	struct frame frame = { FRAME_AUTHORITIES, 0, { NULL, 0 }, { 0 }, 1 };
	const struct config_list *files = &front->config->authorities;
	const char *bundle = NULL;
	struct buf pem;
	size_t i;
	int fd = -1;

	free(front->authorities_problem);
	front->authorities_problem = NULL;
	buf_init(&pem, PEM_MAX);
	if (front->config->system_authorities)
		bundle = server_bundle();
	if (files->count == 0) {
		fd = bundle == NULL ? -1 : server_bundle_open();
	} else {
		if (bundle != NULL)
			add_file(front, &pem, bundle);
		for (i = 0; i < files->count; i++)
			add_file(front, &pem, files->items[i]);
		fd = memfile_make("authorities", buf_bytes(&pem));
	}
	buf_free(&pem);
	if (fd < 0)
		return;
	frame.fds[0] = fd;
	(void)child_tell(front, kind, &frame);
	(void)close(fd);
}

void authorities_describe(struct front *front, struct arena *arena,
			  struct value *into)
{
	const struct config_list *files = &front->config->authorities;
	struct value *dict = value_put_dict(arena, into, "Authorities");
	struct value *list = value_put_list(arena, dict, "files");
	size_t i;

	for (i = 0; i < files->count; i++)
		value_put_text(arena, list, NULL, files->items[i]);
	value_put_text(arena, dict, "problem", front->authorities_problem);
}
