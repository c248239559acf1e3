/* secret.c - the account's password, on its way past the front
 *
 * The sender, which has just verified the server, needs it.  The front starts
 * whoever knows it (the account's command, a helper that asks the Secret
 * Service, pinentry) and hands the other end of its pipe to the sender: what
 * comes through is never read here. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/config_server.h"
#include "agent/base/value.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/front/helper.h"
#include "agent/roles/front/outgoing/queue.h"

#define ENVIRONMENT_MAX	512		/* variables */
#define FRAME_ARENA	(32 * 1024)
#define SENTENCE_MAX	400

/* The front's own environment, with the caller's terminal and display. */
struct environment {
	char *list[ENVIRONMENT_MAX + 3];
	char tty[QUEUE_PLACE_MAX + 10], display[QUEUE_PLACE_MAX + 10];
};

static void environment_make(struct environment *to, const struct queued *mail)
{
	size_t count = 0;
	char **from;

	for (from = environ; *from != NULL && count < ENVIRONMENT_MAX; from++)
		if ((mail->tty[0] == 0 ||
		     strncmp(*from, "GPG_TTY=", 8) != 0) &&
		    (mail->display[0] == 0 ||
		     strncmp(*from, "DISPLAY=", 8) != 0))
			to->list[count++] = *from;
	if (mail->tty[0] != 0) {
		(void)snprintf(to->tty, sizeof(to->tty), "GPG_TTY=%s",
			       mail->tty);
		to->list[count++] = to->tty;
	}
	if (mail->display[0] != 0) {
		(void)snprintf(to->display, sizeof(to->display), "DISPLAY=%s",
			       mail->display);
		to->list[count++] = to->display;
	}
	to->list[count] = NULL;
}

/* A program whose standard output is a pipe; the reading end, or negative.
 * What it complains about may hold the secret: it goes nowhere. */
static int program_start(struct front *front, const struct queued *mail,
			 const char *path, char *const *argv)
{
	static const int to[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct environment environment;
	struct helper_plan plan;
	int ends[2] = { -1, -1 }, from[3];

	if (null >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
		environment_make(&environment, mail);
		from[0] = from[2] = null;
		from[1] = ends[1];
		plan.path = path;
		plan.argv = argv;
		plan.environment = environment.list;
		plan.from = from;
		plan.to = to;
		plan.fds = 3;
		if (helper_start(front, &plan, NULL, NULL) == NULL) {
			(void)close(ends[0]);
			ends[0] = -1;
		}
		(void)close(ends[1]);
	}
	if (null >= 0)
		(void)close(null);
	return ends[0];
}

static int command_start(struct front *front, const struct queued *mail,
			 struct bytes command)
{
	char *text = strndup((const char *)command.data, command.len);
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
			 text, NULL };
	int fd = text == NULL ? -1 :
		 program_start(front, mail, "/bin/sh", argv);

	free(text);
	return fd;
}

/* This program again, as the one that asks the Secret Service: host and user
 * are its arguments, and no secret. */
static int service_start(struct front *front, const struct queued *mail)
{
	const struct config_account *account = mail->line->account;
	const char *user = account->user;
	struct config_server server;
	char *argv[] = { (char *)(uintptr_t)"mailseald",
			 (char *)(uintptr_t)"--secret-service", NULL, NULL,
			 NULL };

	memset(&server, 0, sizeof(server));
	if (account->server != NULL)
		(void)config_server_parse(bytes_of(account->server), &server);
	if (user == NULL && account->addresses.count > 0)
		user = account->addresses.items[0];
	argv[2] = server.host;
	argv[3] = (char *)(uintptr_t)(user == NULL ? "" : user);
	return program_start(front, mail, "/proc/self/exe", argv);
}

/* A pinentry; the sender speaks with it, and reads what is typed. */
static int ask_start(struct front *front, const struct queued *mail,
		     char *why, size_t size)
{
	struct key_task place;

	memset(&place, 0, sizeof(place));
	(void)snprintf(place.tty, sizeof(place.tty), "%s", mail->tty);
	(void)snprintf(place.display, sizeof(place.display), "%s",
		       mail->display);
	return pinentry_spawn(front, &place, &front->queue->asker, why, size);
}

/* A descriptor for the sender; negative: `why` has the sentence. */
static int secret_start(struct front *front, const struct queued *mail,
			const char **source, char *why, size_t size)
{
	const struct config_account *account = mail->line->account;
	enum config_secret kind;
	struct bytes command;

	(void)snprintf(why, size, "the password's program could not be "
		       "started");
	if (account->password == NULL ||
	    !config_secret_parse(bytes_of(account->password), &kind,
				 &command)) {
		(void)snprintf(why, size, "the account %.100s has no "
			       "\"password\"", account->name);
		return -1;
	}
	switch (kind) {
	case CONFIG_COMMAND:
		*source = "command";
		return command_start(front, mail, command);
	case CONFIG_SECRET_SERVICE:
		*source = "secret-service";
		return service_start(front, mail);
	case CONFIG_ASK:
	default:
		*source = "ask";
		return ask_start(front, mail, why, size);
	}
}

void secret_needed(struct front *front, struct frame *frame)
{
	struct queued *mail = front->queue == NULL ? NULL :
			      queue_of_errand(front->queue, frame->id);
	struct arena *arena = arena_new(FRAME_ARENA);
	const char *source = "command";
	struct frame answer;
	struct value *dict;
	struct buf wire;
	char why[SENTENCE_MAX] = "the mail is not in hand any more";

	memset(&answer, 0, sizeof(answer));
	answer.type = FRAME_SECRET;
	answer.id = frame->id;
	answer.fds[0] = -1;
	if (mail != NULL && mail->line != NULL)
		answer.fds[0] = secret_start(front, mail, &source, why,
					     sizeof(why));
	answer.fd_count = answer.fds[0] < 0 ? 0 : 1;
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	dict = arena == NULL ? NULL : value_dict(arena);
	value_put_text(arena, dict, "source", source);
	if (mail != NULL) {
		value_put_text(arena, dict, "tty", mail->tty);
		value_put_text(arena, dict, "display", mail->display);
	}
	if (answer.fd_count == 0)
		value_put_text(arena, dict, "sentence", why);
	if (value_encode(dict, &wire) == 0)
		answer.payload = buf_bytes(&wire);
	(void)child_tell(front, CHILD_SENDER, &answer);
	if (answer.fds[0] >= 0)
		(void)close(answer.fds[0]);
	buf_free(&wire);
	arena_free(arena);
}
