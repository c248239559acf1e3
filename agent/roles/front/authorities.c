/* authorities.c - the files of authorities, as one descriptor */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/log.h"
#include "agent/base/memfile.h"
#include "agent/roles/front/front.h"

#define PEM_MAX	(16 * 1024 * 1024)	/* octets of all files */

static void add_file(struct buf *to, int fd)
{
	unsigned char room[65536];
	struct bytes piece = { room, 0 };
	ssize_t got;

	while ((got = read(fd, room, sizeof(room))) > 0) {
		piece.len = (size_t)got;
		buf_add(to, piece);
	}
	buf_text(to, "\n");
	(void)close(fd);
}

static void add_own(struct front *front, struct buf *to)
{
	const struct config_list *files = &front->config->authorities;
	size_t i;
	int fd;

	for (i = 0; i < files->count; i++) {
		fd = open(files->items[i], O_RDONLY | O_CLOEXEC | O_NOCTTY |
			  O_NONBLOCK);
		if (fd < 0)
			log_line(LOG_LEVEL_WARNING, "the authority %s cannot "
				 "be read: %s", files->items[i],
				 strerror(errno));
		else
			add_file(to, fd);
	}
}

void front_send_authorities(struct front *front, enum child_kind kind)
{
	struct frame frame = { FRAME_AUTHORITIES, 0, { NULL, 0 }, { 0 }, 1 };
	struct buf pem;
	int fd = -1;

	buf_init(&pem, PEM_MAX);
	if (front->config->system_authorities)
		fd = server_bundle_open();
	if (front->config->authorities.count > 0) {
		if (fd >= 0)
			add_file(&pem, fd);
		add_own(front, &pem);
		fd = pem.full ? -1 : memfile_make("authorities",
						  buf_bytes(&pem));
	}
	buf_free(&pem);
	if (fd < 0)
		return;
	frame.fds[0] = fd;
	(void)channel_send(front->children[kind].fd, &frame);
	(void)close(fd);
}
