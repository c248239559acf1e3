/* login.c - keys are forgotten before the machine sleeps, and with the
 * screen
 *
 * Listened to from when the keeper is first started. */
#include <poll.h>

#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/bus/login.h"
#include "agent/roles/front/keys/keys.h"

static void heard(void *ctx, enum login_event event)
{
	struct front *front = ctx;
	const struct config *config = front->config;

	if (event == LOGIN_LOCKED && config->lock_on_screen)
		front_keys_lock(front);
	if (event != LOGIN_SLEEPS)
		return;
	/* The keeper's answer lets the machine sleep. */
	if (config->lock_on_suspend && child_is_up(front, CHILD_KEEPER))
		front_keys_lock(front);
	else
		login_go_to_sleep(front->keys->login);
}

static void readable(struct front *front, void *ctx, short events)
{
	(void)ctx;
	(void)events;
	if (front->keys->login == NULL || login_work(front->keys->login) == 0)
		return;
	log_line(LOG_LEVEL_WARNING, "the system bus is gone; keys are not "
		 "locked with the screen any more");
	front_login_close(front);
}

void front_login_open(struct front *front)
{
	struct front_keys *keys = front->keys;

	if (keys->login != NULL ||
	    (!front->config->lock_on_screen && !front->config->lock_on_suspend))
		return;
	keys->login = login_new(heard, front);
	if (keys->login == NULL) {
		log_line(LOG_LEVEL_INFO, "there is no system bus: keys are "
			 "not locked with the screen");
		return;
	}
	if (front_watch(front, login_fd(keys->login), POLLIN, readable,
			NULL) < 0)
		front_login_close(front);
}

void front_login_close(struct front *front)
{
	if (front->keys->login == NULL)
		return;
	front_unwatch(front, login_fd(front->keys->login));
	login_free(front->keys->login);
	front->keys->login = NULL;
}
