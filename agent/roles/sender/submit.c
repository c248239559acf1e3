/* submit.c - SUBMIT: one attempt of a queued mail, in a worker
 *
 * The password comes by a pipe that the front asked somebody to fill, once
 * the server is verified and not before: NEED goes to the front, SECRET comes
 * back.  A command runs while the server greets; a person is asked when the
 * login is next. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/base/workers.h"
#include "agent/flow/account.h"
#include "agent/dane/server.h"
#include "agent/flow/client_certificate.h"
#include "agent/flow/submit.h"
#include "agent/flow/submit_reach.h"
#include "agent/roles/role.h"
#include "agent/roles/role_keys.h"
#include "agent/roles/roles.h"
#include "agent/roles/sender/sender.h"
#include "agent/smtp/secret.h"

#define OPTIONS_ARENA	65536
#define REPORT_ARENA	(128 * 1024)
#define SENTENCE_MAX	400
#define PLACE_MAX	128

enum secret_source { SECRET_COMMAND, SECRET_SERVICE, SECRET_ASKED };

struct submit_job {
	struct submit_job *next;	/* sender::submits */
	struct sender *sender;
	struct sender_job *job;
	const struct account *account;
	int64_t reach_deadline;
	int file;
	bool needed;			/* NEED went out */
	/* Under the sender's lock: */
	int secret_fd;			/* -1: not yet, or none */
	bool told;			/* SECRET came */
	char refusal[SENTENCE_MAX];	/* why there is none */
	enum secret_source source;
	char tty[PLACE_MAX], display[PLACE_MAX];	/* for pinentry */
	int event_fd;			/* readable once `told` */
};

static void fd_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static void job_free(struct submit_job *job)
{
	struct submit_job **at;

	(void)pthread_mutex_lock(&job->sender->lock);
	for (at = &job->sender->submits; *at != NULL; at = &(*at)->next)
		if (*at == job) {
			*at = job->next;
			break;
		}
	(void)pthread_mutex_unlock(&job->sender->lock);
	sender_job_free(job->sender, job->job);
	fd_close(job->file);
	fd_close(job->secret_fd);
	fd_close(job->event_fd);
	free(job);
}

/* --- what the journey asks for */

static int need_send(struct submit_job *job)
{
	struct frame need = { FRAME_NEED, job->job->id, { NULL, 0 }, { 0 },
			      0 };

	if (job->needed)
		return 0;
	job->needed = true;
	return channel_send(ROLE_CHANNEL, &need);
}

/* The user has to do something about the account's certificate. */
static bool certificate_failed(const struct account *account, const char *why,
			       struct smtp_outcome *failed,
			       enum queue_cause *cause)
{
	outcome_ours(failed, SMTP_DENIED, SMTP_AT_LOGIN, "the key of the "
		     "certificate that the account %.60s shows cannot be "
		     "used: %s", account->name, why);
	*cause = QUEUE_CAUSE_LOGIN;
	return false;
}

static bool world_reach(void *ctx, struct arena *arena,
			const struct account *account,
			struct submit_link *out, struct smtp_outcome *failed,
			enum queue_cause *cause)
{
	struct submit_job *job = ctx;
	struct role_keys *keys = job->sender->keys;
	struct dane_identity identity = { NULL, NULL, NULL };
	struct submit_net net = { job->job->request, job->sender->trust,
				  job->reach_deadline, job->job->cancel_fd,
				  &identity, sender_random };
	struct own *own = role_keys_hold(keys);
	const char *fault = NULL;
	bool reached = false;
	int r = own == NULL ? ERR_MEMORY : 0;

	if (r == 0 && account->certificate != NULL)
		r = client_certificate_find(own, role_keys_link(keys),
					    account->certificate, &identity);
	if (r == ERR_REFUSED)
		fault = "none of your keys has this fingerprint; "
			"\"mailseal keys list\" shows them";
	else if (r < 0)
		fault = err_sentence(r);
	if (r == 0) {
		reached = submit_reach(&net, arena, account, out, failed,
				       cause);
		fault = client_certificate_fault(&identity);
	}
	if (!reached && fault != NULL)
		(void)certificate_failed(account, fault, failed, cause);
	if (reached && account->has_command && account->way != SASL_EXTERNAL)
		(void)need_send(job);
	client_certificate_free(&identity);
	if (own != NULL)
		role_keys_let_go(keys, own);
	return reached;
}

static void world_close(void *ctx, struct submit_link *link)
{
	(void)ctx;
	submit_reach_close(link);
}

static bool world_may_end(void *ctx)
{
	struct submit_job *job = ctx;

	return sender_job_commit(job->sender, job->job);
}

/* Until SECRET is there: 0; ERR_REFUSED: cancelled; ERR_TIMEOUT. */
static int secret_await(struct submit_job *job, int64_t deadline)
{
	struct pollfd fds[2] = { { job->event_fd, POLLIN, 0 },
				 { job->job->cancel_fd, POLLIN, 0 } };
	int64_t left = deadline - clock_now_ms();
	int r;

	do {
		r = poll(fds, 2, left < 0 ? 0 : (int)left);
		left = deadline - clock_now_ms();
	} while (r < 0 && errno == EINTR);
	if (r <= 0)
		return ERR_TIMEOUT;
	return fds[1].revents != 0 ? ERR_REFUSED : 0;
}

static int secret_take(struct submit_job *job, struct buf *why)
{
	int fd;

	(void)pthread_mutex_lock(&job->sender->lock);
	fd = job->secret_fd;
	job->secret_fd = -1;
	if (fd < 0)
		buf_text(why, job->refusal);
	(void)pthread_mutex_unlock(&job->sender->lock);
	return fd;
}

static int world_password(void *ctx, const struct account *account,
			  struct buf *secret, struct buf *why)
{
	struct submit_job *job = ctx;
	int64_t deadline = clock_now_ms() + SUBMIT_SECRET_MS;
	int fd, r = need_send(job);

	if (r == 0)
		r = secret_await(job, deadline);
	if (r < 0) {
		buf_print(why, "the password of the account %.60s did not "
			  "come", account->name);
		return r;
	}
	fd = secret_take(job, why);
	if (fd < 0)
		return ERR_REFUSED;
	if (job->source == SECRET_ASKED)
		return sender_ask(fd, &(struct sender_question){
				account->name, account->user, job->tty,
				job->display, job->job->cancel_fd, deadline },
				secret, why);
	r = secret_read(fd, deadline, secret);
	(void)close(fd);
	if (r == ERR_GONE && job->source == SECRET_SERVICE)
		buf_print(why, "the Secret Service gave no password for the "
			  "account %.60s; store it with secret-tool "
			  "(mailseal-config(5))", account->name);
	else if (r == ERR_GONE)
		buf_print(why, "the account %.60s's password command gave "
			  "nothing; run it in a terminal to see why",
			  account->name);
	else if (r < 0)
		buf_print(why, "the password of the account %.60s cannot be "
			  "used: %s", account->name, err_sentence(r));
	return r;
}

static enum secret_source source_of(const char *word)
{
	if (word != NULL && strcmp(word, "secret-service") == 0)
		return SECRET_SERVICE;
	return word != NULL && strcmp(word, "ask") == 0 ? SECRET_ASKED :
							   SECRET_COMMAND;
}

static void place_take(char *to, const char *from)
{
	if (from != NULL)
		(void)snprintf(to, PLACE_MAX, "%s", from);
}

/* SECRET: the pipe, or a sentence why there is none. */
int sender_secret(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct arena *arena = arena_new(OPTIONS_ARENA);
	struct value *dict = NULL;
	const char *sentence = NULL, *source = NULL;
	struct submit_job *job;
	uint64_t one = 1;

	if (arena != NULL && frame->payload.len > 0 &&
	    value_decode(arena, frame->payload, &dict) == 0) {
		sentence = value_text(dict, "sentence");
		source = value_text(dict, "source");
	}
	(void)pthread_mutex_lock(&sender->lock);
	for (job = sender->submits; job != NULL; job = job->next) {
		if (job->job->id != frame->id || job->told)
			continue;
		job->told = true;
		job->source = source_of(source);
		place_take(job->tty, value_text(dict, "tty"));
		place_take(job->display, value_text(dict, "display"));
		job->secret_fd = frame_take(frame, 0);
		(void)snprintf(job->refusal, sizeof(job->refusal), "%s",
			       sentence == NULL ? "there is no password" :
						  sentence);
		if (write(job->event_fd, &one, sizeof(one)) < 0)
			break;
	}
	(void)pthread_mutex_unlock(&sender->lock);
	arena_free(arena);
	return 0;
}

/* --- the attempt */

static const char *const cause_words[] = {
	[QUEUE_CAUSE_MAIL] = "mail", [QUEUE_CAUSE_SERVER] = "server",
	[QUEUE_CAUSE_TRUST] = "trust", [QUEUE_CAUSE_LOGIN] = "login"
};
static const char *const stage_words[SMTP_STAGES] = {
	"greeting", "ehlo", "login", "mail", "rcpt", "data", "body", "end"
};

static void report_send(const struct submit_job *job,
			const struct submit_result *from)
{
	struct arena *arena = arena_new(REPORT_ARENA);
	struct value *report = arena == NULL ? NULL : value_dict(arena);
	char number[16];

	value_put_text(arena, report, "cause", cause_words[from->cause]);
	value_put_text(arena, report, "fate",
		       smtp_fate_name[from->outcome.fate]);
	value_put_text(arena, report, "stage",
		       stage_words[from->outcome.stage]);
	value_put_text(arena, report, "text", from->outcome.text);
	if (from->outcome.code != 0) {
		(void)snprintf(number, sizeof(number), "%d",
			       from->outcome.code);
		value_put_text(arena, report, "code", number);
		value_put_text(arena, report, "status_code",
			       from->outcome.status);
	}
	if (from->link.host != NULL)
		value_put_text(arena, report, "server",
			       arena_print(arena, "%s:%u", from->link.host,
					   from->link.port));
	value_put_text(arena, report, "verified", from->link.verified);
	value_put_text(arena, report, "record", from->link.sentence);
	value_put_text(arena, report, "protocol", from->link.protocol);
	value_put_truth(arena, report, "unrecorded", from->unrecorded);
	role_report(job->job->id, report, NULL, 0);
	arena_free(arena);
}

static void submit_work(void *ctx)		/* in a worker thread */
{
	struct submit_job *job = ctx;
	struct arena *arena = arena_new(SUBMIT_ARENA_MAX);
	struct submit_world world = { world_reach, world_close,
				      world_password, world_may_end,
				      &smtp_times_usual, clock_wall, job };
	struct submit_result result;
	int r = arena == NULL ? ERR_MEMORY :
		submit_run(arena, job->account, &world, job->file, &result);

	/* The lock on the file ends before the front hears of it. */
	fd_close(job->file);
	job->file = -1;
	if (r < 0)
		role_fail(job->job->id, "Failed", err_sentence(r));
	else
		report_send(job, &result);
	arena_free(arena);
	job_free(job);
}

static int account_find(struct submit_job *job, struct bytes payload)
{
	struct arena *arena = arena_new(OPTIONS_ARENA);
	const char *name = NULL;
	struct value *dict;
	int r = ERR_MEMORY;

	if (arena != NULL)
		r = value_decode(arena, payload, &dict);
	if (r == 0)
		name = value_text(dict, "account");
	if (name != NULL)
		job->account = account_of_name(&job->sender->accounts, name);
	arena_free(arena);
	return r == 0 && job->account == NULL ? ERR_PROTOCOL : r;
}

int sender_submit(void *ctx, struct frame *frame)
{
	struct sender *sender = ctx;
	struct submit_job *job = calloc(1, sizeof(*job));
	int r = ERR_MEMORY;

	if (job == NULL)
		return r;
	job->sender = sender;
	job->secret_fd = -1;
	job->reach_deadline = clock_now_ms() + SUBMIT_REACH_MS;
	job->file = frame_take(frame, 0);
	job->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job->job = sender_job_new(sender, frame->id, job->reach_deadline);
	if (job->event_fd >= 0 && job->job != NULL)
		r = sender->settings == NULL ? ERR_PROTOCOL :
			account_find(job, frame->payload);
	if (r < 0) {
		job_free(job);
		return r;
	}
	(void)pthread_mutex_lock(&sender->lock);
	job->next = sender->submits;
	sender->submits = job;
	(void)pthread_mutex_unlock(&sender->lock);
	if (workers_add(sender->workers, 0, submit_work, job) == 0)
		return 0;
	job_free(job);
	role_fail(frame->id, "Busy", "Too many requests wait.");
	return 0;
}
