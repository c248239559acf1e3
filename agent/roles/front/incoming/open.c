/* open.c - Incoming1.Open, Entity1.Decrypt, Entity1.Opened, Entity1.Verify
 *
 * Open asks the reader twice: what is inside, and who sent it; the answer
 * tells both.  Entity1.Opened asks nobody. */
#include <fcntl.h>
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/flow/answers.h"
#include "agent/flow/open.h"
#include "agent/keys/protocol.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/incoming.h"
#include "agent/roles/front/seal.h"

static const char no_id[] = "message_id is the one Message-ID of the message "
	"that the entity is of, without blanks and of at most 998 bytes; "
	"nothing can be told of a message without one.";

static const struct service_option open_options[] = {
	{ "part", VALUE_TEXT }, { "force", VALUE_TRUTH },
	{ "no_verdict", VALUE_TRUTH }, { "tty", VALUE_TEXT },
	{ "term", VALUE_TEXT }, { "display", VALUE_TEXT },
	{ NULL, VALUE_TEXT }
};
static const struct service_option decrypt_options[] = {
	{ "force", VALUE_TRUTH }, { "message_id", VALUE_TEXT },
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { NULL, VALUE_TEXT }
};
static const struct service_option verify_options[] = {
	{ "scheme", VALUE_TEXT }, { NULL, VALUE_TEXT }
};

static bool truth_of(const struct service_args *args, const char *name)
{
	const struct value *found = value_find(args->options, name,
					       VALUE_TRUTH);

	return found != NULL && found->truth;
}

/* Both dictionaries as one: they have no key in common. */
static void finish_open(struct seal_call *seal)
{
	struct value *both = value_dict(seal->arena);
	const struct value *from[2] = { seal->verdict, seal->report };
	struct value *member, *copy;
	size_t i;

	memory_learn(seal->front, seal->learn, seal->verdict);
	for (i = 0; i < 2; i++) {
		copy = from[i] == NULL ? NULL :
		       value_copy(seal->arena, from[i]);
		for (member = copy == NULL ? NULL : copy->first;
		     member != NULL && both != NULL;) {
			struct value *next = member->next;

			member->next = NULL;
			if (both->last == NULL)
				both->first = member;
			else
				both->last->next = member;
			both->last = member;
			both->count++;
			member = next;
		}
	}
	seal_call_reply(seal, both == NULL ? seal->report : both);
}

static void settle_verdict(struct seal_call *seal, struct errand *errand,
			   const struct value *report)
{
	if (errand->call == NULL)
		seal->call = NULL;
	if (report != NULL)
		seal->verdict = value_copy(seal->arena, report);
	seal_call_settle(seal);
}

static void check_done(struct front *front, struct errand *errand,
		       const struct value *report, struct frame *frame)
{
	(void)front;
	(void)frame;
	settle_verdict(errand->ctx, errand, report);
}

static bool check_start(struct seal_call *seal);

/* What is inside is told even if nobody could say who sent it. */
static void check_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	struct seal_call *seal = errand->ctx;

	(void)front;
	(void)sentence;
	if (errand->call != NULL && strcmp(name, "RoleDied") == 0 &&
	    ++seal->check_losses <= SEAL_LOSSES && check_start(seal))
		return;
	settle_verdict(seal, errand, NULL);
}

static const struct errand_kind check_kind = {
	"judged this message", check_done, check_failed
};

/* False: no descriptor is left for it. */
static bool check_start(struct seal_call *seal)
{
	int message = fcntl(seal->fds[0], F_DUPFD_CLOEXEC, 0);

	if (message < 0)
		return false;
	incoming_check(seal->front, &check_kind, seal->call, seal, message,
		       incoming_look(seal->arena, seal->call));
	return true;
}

static struct seal_call *opening(void *ctx, struct service_call *call,
				 struct service_args *args)
{
	struct seal_call *seal = seal_call_new(ctx, call, args);

	if (seal == NULL)
		return NULL;
	seal->role = CHILD_READER;
	seal->type = FRAME_OPEN;
	seal->purpose = "open an encrypted message";
	seal->usage = KEYS_FOR_OPENING;
	seal->files = OPEN_FILES_MAX;
	seal->fds[0] = service_args_take(args, 0);
	seal->fd_count = 1;
	seal->finish = finish_open;
	value_put_truth(seal->arena, seal->payload, "force",
			truth_of(args, "force"));
	return seal;
}

static void on_open(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	struct seal_call *seal = opening(ctx, call, args);
	if (seal == NULL)
		return;
	value_put_text(seal->arena, seal->payload, "part",
		       value_text(args->options, "part"));
	seal->left++;		/* this one's is the last answer */
	if (truth_of(args, "no_verdict") || !check_start(seal))
		seal->left--;
	seal_call_start(seal);
}

static void on_decrypt(void *ctx, struct service_call *call,
		       struct service_args *args)
{
	const char *told = value_text(args->options, "message_id");
	struct seal_call *seal = opening(ctx, call, args);
	const char *id;

	if (seal == NULL)
		return;
	id = told == NULL ? NULL : answers_id(seal->arena, told);
	if (told != NULL && id == NULL) {
		service_fail(call, "InvalidOption", no_id);
		seal_call_free(seal);
		return;
	}
	value_put_truth(seal->arena, seal->payload, "entity", true);
	value_put_text(seal->arena, seal->payload, "message_id", id);
	seal_call_start(seal);
}

/* Of what Decrypt opened before its client knew of which message. */
static void on_opened(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct arena *arena = arena_new(CALL_ARENA);
	const char *id = arena == NULL ? NULL :
			 answers_id(arena, service_args_text(args, 0));
	struct answers_sum sum;

	if (arena == NULL)
		service_fail(call, "Failed", "out of memory");
	else if (id == NULL)
		service_fail(call, "InvalidArgument", no_id);
	else if (!answers_sum(arena, id, &sum) ||
		 !memory_opened(ctx, sum.octets))
		service_fail(call, "Failed", "The store cannot be written; "
			     "mailseal status tells what is wrong with it.");
	else
		service_reply(call, NULL, NULL, 0);
	arena_free(arena);
}

static void finish_verify(struct seal_call *seal)
{
	seal_call_answer(seal, seal->report);
}

static void on_verify(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct seal_call *seal = opening(ctx, call, args);

	if (seal == NULL)
		return;
	seal->type = FRAME_VERIFY;
	seal->files = 0;
	seal->fds[1] = service_args_take(args, 1);
	seal->fd_count = 2;
	seal->finish = finish_verify;
	value_put_text(seal->arena, seal->payload, "scheme",
		       value_text(args->options, "scheme"));
	seal_call_start(seal);
}

const struct service_method front_open_methods[] = {
	{ "org.mailseal.Incoming1", "Open", open_options, on_open },
	{ "org.mailseal.Entity1", "Decrypt", decrypt_options, on_decrypt },
	{ "org.mailseal.Entity1", "Opened", NULL, on_opened },
	{ "org.mailseal.Entity1", "Verify", verify_options, on_verify },
	{ NULL, NULL, NULL, NULL }
};
