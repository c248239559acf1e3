/* front.c - the role that owns the bus name: from start to end */
#include "agent/roles/front/front.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/bus/service.h"
#include "agent/roles/front/anchors.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/incoming/notices.h"
#include "agent/roles/front/outgoing/queue.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/seal.h"
#include "agent/roles/front/helper.h"
#include "agent/roles/roles.h"

const struct service_method *const front_methods[] = {
	front_incoming_methods, front_contacts_methods,
	front_server_methods, front_submit_methods, front_outbox_methods,
	front_keys_methods, front_correspondent_methods, front_open_methods,
	front_protect_methods,
	NULL
};

static void signal_readable(struct front *front, void *ctx, short events)
{
	const int *fd = ctx;
	struct signalfd_siginfo info;

	(void)events;
	if (read(*fd, &info, sizeof(info)) == sizeof(info) &&
	    info.ssi_signo != SIGCHLD)
		front->stop = true;
}

static void call_gone(void *ctx, struct service_call *call)
{
	front_keys_call_gone(ctx, call);
	errand_call_gone(ctx, call);
	front_seal_call_gone(ctx, call);
	queue_call_gone(ctx, call);
}

/* 500 checks in hand hold 500 descriptors. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int signals_open(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return ERR_IO;
	(void)signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int start(struct front *front, const struct service_owner *owner)
{
	char why[4096];
	bool taken;

	front->lock_fd = state_folder_lock(why, sizeof(why));
	if (front->lock_fd < 0) {
		log_line(LOG_LEVEL_ERROR, "%s", why);
		return front->lock_fd == ERR_REFUSED ? EX_TEMPFAIL :
						       EX_CANTCREAT;
	}
	front->anchors = anchors_read(front->config, why, sizeof(why));
	if (front->anchors == NULL) {
		log_line(LOG_LEVEL_ERROR, "%s", why);
		return EX_CONFIG;
	}
	fresh_open(front);
	memory_open(front);
	(void)network_watch(front);
	if (front_keys_open(front) < 0)
		return EX_OSERR;
	if (children_start(front) < 0) {
		log_line(LOG_LEVEL_ERROR, "a role cannot be started: %s",
			 strerror(errno));
		return EX_OSERR;
	}
	notices_open(front);
	(void)books_load(front);
	(void)queue_open(front);	/* without it the rest works */
	front->service = service_new(owner, why, sizeof(why), &taken);
	if (front->service == NULL) {
		log_line(LOG_LEVEL_ERROR, "the session bus cannot be used: %s",
			 why);
		return taken ? EX_TEMPFAIL : EX_UNAVAILABLE;
	}
	arrivals_open(front);
	return EX_OK;
}

int front_main(struct config *config)
{
	struct front front;
	struct service_owner owner = { front_methods, call_gone, front_property,
				       &front };
	int signal_fd, status;

	memset(&front, 0, sizeof(front));
	front.config = config;
	front.next_id = 1;
	front.network_fd = front.routes_fd = front.lock_fd = -1;
	front.fresh_fd = -1;
	children_prepare(&front);
	raise_limits();
	signal_fd = signals_open();
	status = signal_fd < 0 ||
		 front_watch(&front, signal_fd, POLLIN, signal_readable,
			     &signal_fd) < 0 ? EX_OSERR :
		 start(&front, &owner);
	if (status == EX_OK)
		status = front_loop(&front);
	state_folder_ending(front.lock_fd);
	queue_stop(&front);
	if (front.service != NULL)
		errands_free(&front);
	arrivals_close(&front);
	notices_close(&front);
	front_keys_free(&front);
	helpers_stop(&front);
	service_free(front.service);
	children_stop(&front);
	queue_free(&front);
	memory_close(&front);
	fresh_close(&front);
	books_free(&front);
	front_loop_free(&front);
	poison_free(front.poison);
	arena_free(front.state_arena);
	free(front.anchors);
	free(front.authorities_problem);
	config_free(config);
	return status;
}
