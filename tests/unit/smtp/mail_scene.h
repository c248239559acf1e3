/* mail_scene.h - one mail against one scripted server */
#ifndef MAILSEAL_TESTS_SMTP_MAIL_SCENE_H
#define MAILSEAL_TESTS_SMTP_MAIL_SCENE_H

#include "scripted.h"

#include "agent/base/clock.h"
#include "agent/base/stream.h"
#include "agent/smtp/mail.h"
#include "agent/smtp/session.h"

#define TEXT	"Subject: x\r\n\r\n.dot\r\n"
#define STUFFED	"Subject: x\r\n\r\n..dot\r\n.\r\n"
#define SIZE	"20"

/* Greeting and EHLO; `words`: "250-X\r\n" lines. */
#define OPEN(words) \
	{ PLAY_SAYS, "220 ready\r\n" }, \
	{ PLAY_HEARS, "EHLO [127.0.0.1]\r\n" }, \
	{ PLAY_SAYS, "250-h\r\n" words "250 HELP\r\n" }

struct scene {
	struct scripted server;
	struct wire wire;
	struct smtp_session session;
	struct smtp_recipient to[5];
	struct smtp_mail mail;
	struct smtp_outcome out;
	struct bytes_reader reader;
	struct source source;
	struct smtp_watch watch;
	int before_end;		/* what the watch answers */
	unsigned ends, answers;
	size_t accepted;	/* when the first end was near */
};

static inline int scene_before_end(void *ctx)
{
	struct scene *scene = ctx;
	size_t i;

	for (i = 0; scene->ends == 0 && i < scene->mail.count; i++)
		if (scene->to[i].decision == SMTP_ACCEPTED)
			scene->accepted++;
	scene->ends++;
	return scene->before_end;
}

static inline void scene_answered(void *ctx, const struct smtp_outcome *out)
{
	struct scene *scene = ctx;
	size_t i;

	(void)out;
	for (i = 0; i < scene->mail.count; i++)
		assert_int_not_equal(scene->to[i].decision, SMTP_ACCEPTED);
	scene->answers++;
}

/* a@x, b@x, ... from s@x; more is set by the caller before scene_run(). */
static inline void scene_open(struct scene *scene, const struct play *play,
			      size_t count)
{
	static const char *const names[] = { "a@x", "b@x", "c@x", "d@x",
					     "e@x" };
	size_t i;

	memset(scene, 0, sizeof(*scene));
	scripted_init(&scene->server, play);
	scene->wire = scripted_wire(&scene->server);
	session_init(&scene->session, &scene->wire, &smtp_times_usual,
		     clock_now_ms() + 60000);
	scene->source = source_of_bytes(&scene->reader, bytes_of(TEXT));
	for (i = 0; i < count; i++)
		scene->to[i].address = names[i];
	scene->mail.sender = "s@x";
	scene->mail.recipients = scene->to;
	scene->mail.count = count;
	scene->mail.source = &scene->source;
	scene->mail.size = strlen(TEXT);
	scene->watch.before_end = scene_before_end;
	scene->watch.answered = scene_answered;
	scene->watch.ctx = scene;
	scene->mail.watch = &scene->watch;
}

/* False: the session did not even open. */
static inline bool scene_run(struct scene *scene)
{
	size_t i;

	if (!session_open(&scene->session, SMTP_GREETS, &scene->out))
		return false;
	mail_send(&scene->session, &scene->mail, &scene->out);
	for (i = 0; i < scene->mail.count; i++)
		assert_int_equal(scene->to[i].decision, SMTP_DECIDED);
	return true;
}

static inline void scene_free(struct scene *scene)
{
	session_free(&scene->session);
	scripted_free(&scene->server);
}

static inline void scene_end(struct scene *scene)
{
	scripted_assert_over(&scene->server);
	scene_free(scene);
}

#endif
