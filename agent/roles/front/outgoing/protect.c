/* protect.c - Outgoing1.Protect, Entity1.Sign and Entity1.Encrypt */
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/keys/protocol.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/seal.h"

static const struct service_option protect_options[] = {
	{ "sign", VALUE_TRUTH }, { "encrypt", VALUE_TRUTH },
	{ "policy", VALUE_TRUTH }, { "opportunistic", VALUE_TRUTH },
	{ "split", VALUE_TRUTH }, { "scheme", VALUE_TEXT },
	{ "sender", VALUE_TEXT }, { "key", VALUE_TEXT },
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { NULL, VALUE_TEXT }
};
static const struct service_option sign_options[] = {
	{ "scheme", VALUE_TEXT }, { "sender", VALUE_TEXT },
	{ "key", VALUE_TEXT }, { "form", VALUE_TEXT },
	{ "tty", VALUE_TEXT }, { "term", VALUE_TEXT },
	{ "display", VALUE_TEXT }, { NULL, VALUE_TEXT }
};
static const struct service_option encrypt_options[] = {
	{ "scheme", VALUE_TEXT }, { "sign", VALUE_TRUTH },
	{ "sender", VALUE_TEXT }, { "key", VALUE_TEXT },
	{ "form", VALUE_TEXT }, { "tty", VALUE_TEXT },
	{ "term", VALUE_TEXT }, { "display", VALUE_TEXT },
	{ NULL, VALUE_TEXT }
};

static void finish(struct seal_call *seal)
{
	seal_call_reply(seal, seal->report);
}

/* Everything but where the person is, which seal_call_new() has taken. */
static void options_copy(struct seal_call *seal, const struct value *options)
{
	static const char *const truths[] = { "sign", "encrypt", "policy",
					      "opportunistic", "split" };
	static const char *const texts[] = { "scheme", "sender", "key",
					     "form" };
	const struct value *truth;
	size_t i;

	for (i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
		truth = value_find(options, truths[i], VALUE_TRUTH);
		value_put_truth(seal->arena, seal->payload, truths[i],
				truth != NULL && truth->truth);
	}
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		value_put_text(seal->arena, seal->payload, texts[i],
			       value_text(options, texts[i]));
}

static void start(struct front *front, struct service_call *call,
		  struct service_args *args, enum channel_type type,
		  const struct value *recipients)
{
	struct seal_call *seal = seal_call_new(front, call, args);

	if (seal == NULL)
		return;
	seal->role = CHILD_SENDER;
	seal->type = type;
	seal->purpose = "sign a message";
	seal->usage = KEYS_FOR_SIGNING;
	seal->files = 1;
	seal->finish = finish;
	seal->fds[0] = service_args_take(args, 0);
	seal->fd_count = 1;
	if (type != FRAME_SIGN)		/* to whom is not asked there */
		seal->fds[seal->fd_count++] = front_lines(recipients);
	options_copy(seal, args->options);
	if (seal->fds[seal->fd_count - 1] < 0) {
		service_fail(call, "InvalidAddress", "A recipient has a line "
			     "end in it, or all together are too long.");
		seal->call = NULL;
		seal_call_settle(seal);
		return;
	}
	seal_call_start(seal);
}

static void on_protect(void *ctx, struct service_call *call,
		       struct service_args *args)
{
	start(ctx, call, args, FRAME_PROTECT, service_args_value(args, 0));
}

/* The schemes are so different that a client has one in mind. */
static bool has_scheme(struct service_call *call,
		       const struct service_args *args)
{
	if (value_text(args->options, "scheme") != NULL)
		return true;
	service_fail(call, "InvalidOption", "The option scheme is needed: "
		     "smime or openpgp.");
	return false;
}

static void on_sign(void *ctx, struct service_call *call,
		    struct service_args *args)
{
	if (has_scheme(call, args))
		start(ctx, call, args, FRAME_SIGN, NULL);
}

static void on_encrypt(void *ctx, struct service_call *call,
		       struct service_args *args)
{
	if (has_scheme(call, args))
		start(ctx, call, args, FRAME_ENCRYPT,
		      service_args_value(args, 0));
}

const struct service_method front_protect_methods[] = {
	{ "org.mailseal.Outgoing1", "Protect", protect_options, on_protect },
	{ "org.mailseal.Entity1", "Sign", sign_options, on_sign },
	{ "org.mailseal.Entity1", "Encrypt", encrypt_options, on_encrypt },
	{ NULL, NULL, NULL, NULL }
};
