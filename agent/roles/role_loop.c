/* role_loop.c - serving the front by a table of verbs */
#include <poll.h>
#include <stdlib.h>

#include "agent/base/err.h"
#include "agent/dns/client.h"
#include "agent/roles/role.h"
#include "agent/roles/roles.h"

static int serve(const struct role_verb *verbs, size_t count,
		 struct resolver *resolver, void *ctx, struct frame *frame)
{
	size_t i;
	int r = ERR_PROTOCOL;

	if (frame->type == FRAME_DNS && frame->fd_count == 1) {
		dns_client_attach(resolver, frame_take(frame, 0));
		return 0;
	}
	for (i = 0; i < count; i++)
		if (verbs[i].type == frame->type)
			break;
	if (i < count && (verbs[i].fds == frame->fd_count ||
			  (verbs[i].fds == ROLE_FDS_SOME &&
			   frame->fd_count == 0) ||
			  (verbs[i].fds == ROLE_FDS_SOME &&
			   frame->fd_count == 1) ||
			  (verbs[i].fds == ROLE_FDS_ANY &&
			   frame->fd_count > 0)))
		r = verbs[i].serve(ctx, frame);
	frame_close(frame);
	return r;
}

int role_run(const struct role_verb *verbs, size_t count,
	     struct resolver *resolver, void *ctx)
{
	void *room = malloc(CHANNEL_FRAME_MAX);
	struct pollfd fds[2];
	struct frame frame;
	int r = room == NULL ? ERR_MEMORY : 0;

	while (r == 0) {
		fds[0].fd = ROLE_CHANNEL;
		fds[1].fd = dns_client_fd(resolver);	/* or -1 */
		fds[0].events = fds[1].events = POLLIN;
		fds[0].revents = fds[1].revents = 0;
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents != 0)
			dns_client_readable(resolver);
		while (r == 0 && fds[0].revents != 0) {
			r = channel_receive(ROLE_CHANNEL, room, &frame);
			if (r == ERR_TIMEOUT) {
				r = 0;
				break;
			}
			r = r == 0 ? ERR_GONE : r < 0 ? r :
			    serve(verbs, count, resolver, ctx, &frame);
		}
	}
	free(room);
	return r;
}
