/* role_stage.h - reader or sender, served by a script in place of the front
 *
 * The front has hung up when the role begins: what a role asks it for never
 * comes.  Each request gets exactly one answer unless the script breaks the
 * rules, and then none gets two; nothing stays open. */
#ifndef MAILSEAL_TEST_ROLE_STAGE_H
#define MAILSEAL_TEST_ROLE_STAGE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

#include <openssl/err.h>
#include <openssl/provider.h>

#include "agent/base/err.h"
#include "agent/crypto/openpgp_client.h"
#include "agent/keys/link.h"
#include "agent/keys/provider.h"
#include "agent/roles/role.h"
#include "agent/roles/role_keys.h"
#include "agent/roles/roles.h"
#include "tests/fuzz/frames.h"

static struct {
	pthread_mutex_t lock;
	unsigned asked[256], perhaps[256], answered[256];
	struct role_keys *keys;		/* the role's */
	struct openpgp_client *openpgp;
} stage = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- instead of role_answer.c: what the role says */

static void answer_count(uint32_t id)
{
	(void)pthread_mutex_lock(&stage.lock);
	stage.answered[id & 255]++;
	(void)pthread_mutex_unlock(&stage.lock);
}

void role_report(uint32_t id, const struct value *report, const int *fds,
		 size_t fd_count)
{
	size_t i;

	if (report == NULL || fd_count > CHANNEL_FDS_MAX)
		abort();
	for (i = 0; i < fd_count; i++)
		if (fds[i] < 0)
			abort();
	answer_count(id);
}

void role_fail(uint32_t id, const char *name, const char *sentence)
{
	if (name == NULL || sentence == NULL || sentence[0] == 0)
		abort();
	answer_count(id);
}

int role_send(enum channel_type type, uint32_t id,
	      const struct value *payload)
{
	(void)type;
	(void)id;
	(void)payload;
	return ERR_GONE;
}

void role_want(enum channel_type channel)
{
	if (channel == FRAME_KEYS)
		keys_link_attach(role_keys_link(stage.keys), -1);
	else
		openpgp_client_attach(stage.openpgp, -1);
}

unsigned role_wanted(const struct frame *frame)
{
	return frame->payload.len == 1 ? frame->payload.data[0] : 0;
}

/* --- the script */

/* The requests of a script, as frames_send() reads it. */
static void asked_count(struct bytes script, const unsigned char *requests)
{
	unsigned char type, id, files;
	unsigned count, i;

	for (count = 0; count < FRAMES_MAX; count++) {
		if (!take_byte(&script, &type) || !take_byte(&script, &id) ||
		    !take_byte(&script, &files))
			return;
		(void)frames_piece(&script);
		for (i = 0; i < (files & 3u); i++)
			if (((files >> (2 + 2 * i)) & 3) == 3)
				(void)frames_piece(&script);
		if (strchr((const char *)requests, type) != NULL && type != 0)
			stage.asked[id]++;
		if (type == FRAME_CONTACTS)	/* where they are broken */
			stage.perhaps[id]++;
	}
}

static unsigned open_count(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	while (folder != NULL && readdir(folder) != NULL)
		count++;
	if (folder != NULL)
		(void)closedir(folder);
	return count;
}

/* Nobody else's descriptor gets the channel's number: libFuzzer opens some. */
__attribute__((constructor)) static void place_keep(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null != ROLE_CHANNEL && dup2(null, ROLE_CHANNEL) < 0)
		abort();
	if (null != ROLE_CHANNEL)
		(void)close(null);
}

/* The channel, with all of the script in it, where the role looks for it.
 * What is open there; `requests` are the types that want an answer. */
static unsigned stage_set(struct bytes script, const unsigned char *requests)
{
	int ends[2];

	(void)signal(SIGPIPE, SIG_IGN);
	memset(stage.asked, 0, sizeof(stage.asked));
	memset(stage.perhaps, 0, sizeof(stage.perhaps));
	memset(stage.answered, 0, sizeof(stage.answered));
	asked_count(script, requests);
	if (channel_pair(ends) < 0)
		abort();
	frames_send(ends[1], script);
	(void)close(ends[1]);
	if (dup2(ends[0], ROLE_CHANNEL) < 0)
		abort();
	(void)close(ends[0]);
	return open_count();
}

/* The channels that the role asks for are refused.  The providers live as long
 * as the process; pointers show the sanitizer that they are no leak. */
static void stage_enter(struct role_keys *keys, struct openpgp_client *openpgp)
{
	static OSSL_PROVIDER *volatile providers[2];

	if (providers[0] == NULL) {
		providers[0] = OSSL_PROVIDER_load(NULL, PROVIDER_NAME);
		providers[1] = OSSL_PROVIDER_load(NULL, "default");
	}
	stage.keys = keys;
	stage.openpgp = openpgp;
}

/* `r` is what the role ended with. */
static void stage_judge(int r, unsigned open_before)
{
	unsigned i;

	for (i = 0; i < 256; i++)
		if ((r == ERR_GONE && stage.answered[i] < stage.asked[i]) ||
		    stage.answered[i] > stage.asked[i] + stage.perhaps[i])
			abort();
	if (r >= 0 || open_count() != open_before)
		abort();
	place_keep();
	ERR_clear_error();
}

#endif
