/* correspondent.c - Keys1.Find and Publish: keys of others, and for them
 *
 * The sender searches; what the store keeps of the address goes with the
 * question. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/mail/address.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/roles/sender/sender.h"

#define CALL_ARENA	(8 * 1024 * 1024)
#define LATE_MS		5000	/* the sender's own deadline, and this */

static const struct service_option find_options[] = {
	{ "no_dns", VALUE_TRUTH }, { NULL, VALUE_TEXT }
};
static const struct service_option known_options[] = {
	{ NULL, VALUE_TEXT }
};
static const struct service_option publish_options[] = {
	{ "scheme", VALUE_TEXT }, { "tty", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { NULL, VALUE_TEXT }
};

static void list_answer(struct errand *errand, const struct value *report,
			const char *key)
{
	const struct value *list = value_find(report, key, VALUE_LIST);

	if (errand->call == NULL)
		return;
	if (list == NULL)
		service_fail(errand->call, "Failed", "The search gave no "
			     "answer that can be read.");
	else
		service_answer(errand->call, list);
}

/* errand->ctx is the address that was asked for. */
static void find_done(struct front *front, struct errand *errand,
		      const struct value *report, struct frame *frame)
{
	(void)frame;
	memory_learn_proven(front, errand->ctx,
			    value_find(report, "proven", VALUE_LIST));
	free(errand->ctx);
	list_answer(errand, report, "keys");
}

static void find_failed(struct front *front, struct errand *errand,
			const char *name, const char *sentence)
{
	(void)front;
	free(errand->ctx);
	if (errand->call != NULL)
		service_fail(errand->call, name, sentence);
}

static void publish_done(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	(void)front;
	(void)frame;
	list_answer(errand, report, "records");
}

static const struct errand_kind find_kind = {
	"looked for keys", find_done, find_failed
};
static const struct errand_kind publish_kind = {
	"made the records of this key", publish_done, NULL
};

/* Its normal form; NULL: the call was answered with an error. */
static const char *address_take(struct service_call *call,
				const struct service_args *args,
				struct arena *arena)
{
	const char *text = service_args_text(args, 0), *normal = NULL;
	struct mailbox mailbox;

	if (arena != NULL &&
	    address_parse(arena, bytes_of(text), &mailbox) == 0)
		normal = address_normal(arena, &mailbox);
	if (normal == NULL)
		service_fail(call, "InvalidAddress", "That is no mail address; "
			     "give it bare, as alice@example.org.");
	return normal;
}

static void on_find(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	const char *address = address_take(call, args, arena);
	const struct value *no_dns = value_find(args->options, "no_dns",
						VALUE_TRUTH);
	struct errand errand = {
		.kind = &find_kind, .role = CHILD_SENDER,
		.deadline = clock_now_ms() + SENDER_FIND_MS + LATE_MS,
		.call = call, .message = -1
	};
	struct value *payload;
	int fd;

	if (address == NULL)
		goto out;
	fd = front_kept_file(front, arena, address);
	if (fd < 0) {
		service_fail(call, "Failed", KEYS_UNREADABLE);
		goto out;
	}
	payload = value_dict(arena);
	value_put_number(arena, payload, "caller", service_caller(call));
	value_put_text(arena, payload, "address", address);
	value_put_truth(arena, payload, "dns",
			no_dns == NULL || !no_dns->truth);
	errand.ctx = strdup(address);
	(void)errand_start(front, &errand, FRAME_FIND_KEY, payload, &fd, 1);
	(void)close(fd);
out:
	arena_free(arena);
}

static void on_publish(void *ctx, struct service_call *call,
		       struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	const char *address = address_take(call, args, arena);
	struct errand errand = {
		.kind = &publish_kind, .role = CHILD_SENDER,
		.deadline = clock_now_ms() + SENDER_FIND_MS + LATE_MS,
		.call = call, .message = -1
	};
	struct value *payload;

	if (address != NULL) {
		payload = value_dict(arena);
		value_put_number(arena, payload, "caller",
				 service_caller(call));
		value_put_text(arena, payload, "address", address);
		value_put_text(arena, payload, "scheme",
			       value_text(args->options, "scheme"));
		value_put_text(arena, payload, "tty",
			       value_text(args->options, "tty"));
		value_put_text(arena, payload, "display",
			       value_text(args->options, "display"));
		(void)errand_start(front, &errand, FRAME_PUBLISH_KEY, payload,
				   NULL, 0);
	}
	arena_free(arena);
}

const struct service_method front_correspondent_methods[] = {
	{ "org.mailseal.Keys1", "Known", known_options, keys_on_known },
	{ "org.mailseal.Keys1", "Find", find_options, on_find },
	{ "org.mailseal.Keys1", "Publish", publish_options, on_publish },
	{ NULL, NULL, NULL, NULL }
};
