/* args.c - reading what came with a call */
#include "agent/bus/args.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/bus/dict.h"

#define TEXTS_MAX 10000	/* members of a list of texts: recipients */

const struct value *service_args_value(const struct service_args *args,
				       size_t nth)
{
	const struct value *value = args->values->first;

	while (value != NULL && nth-- > 0)
		value = value->next;
	return value;
}

const char *service_args_text(const struct service_args *args, size_t nth)
{
	const struct value *value = service_args_value(args, nth);

	return value == NULL || value->kind != VALUE_TEXT ? "" : value->text;
}

int service_args_take(struct service_args *args, size_t nth)
{
	int fd = nth < args->fd_count ? args->fds[nth] : -1;

	if (fd >= 0)
		args->fds[nth] = -1;
	return fd;
}

void args_close(struct service_args *args)
{
	size_t i;

	for (i = 0; i < args->fd_count; i++)
		if (args->fds[i] >= 0)
			(void)close(args->fds[i]);
	args->fd_count = 0;
}

static int refuse_limit(struct args_refusal *why, const char *sentence)
{
	why->name = "InvalidArgument";
	(void)snprintf(why->sentence, sizeof(why->sentence), "%s", sentence);
	return ERR_LIMIT;
}

static int take_descriptor(DBusMessageIter *iter, struct service_args *out,
			   struct args_refusal *why)
{
	const char *reason = "none came with the call";
	int fd = -1;

	if (out->fd_count == SERVICE_FDS_MAX)
		return refuse_limit(why, "At most 16 descriptors go with one "
				    "call.");
	dbus_message_iter_get_basic(iter, &fd);
	if (fd >= 0)
		out->fds[out->fd_count++] = fd;
	if (fd >= 0 && memfile_acceptable(fd, &reason) == 0)
		return 0;
	why->name = "InvalidMessage";
	(void)snprintf(why->sentence, sizeof(why->sentence),
		       "This descriptor cannot be taken: %s.", reason);
	return ERR_REFUSED;
}

static int take_array(struct arena *arena, DBusMessageIter *iter,
		      struct service_args *out, struct args_refusal *why)
{
	int type = dbus_message_iter_get_element_type(iter);
	struct value *list = NULL;
	DBusMessageIter inner;
	const char *text;
	size_t count;
	int r = 0;

	dbus_message_iter_recurse(iter, &inner);
	if (type == DBUS_TYPE_STRING)
		list = value_put_list(arena, out->values, NULL);
	while (r == 0 &&
	       dbus_message_iter_get_arg_type(&inner) != DBUS_TYPE_INVALID) {
		if (type == DBUS_TYPE_UNIX_FD) {
			r = take_descriptor(&inner, out, why);
		} else if (list == NULL || list->count == TEXTS_MAX) {
			r = refuse_limit(why, "A list has at most 10000 "
					 "members.");
		} else {
			count = list->count;
			dbus_message_iter_get_basic(&inner, &text);
			value_put_text(arena, list, NULL, text);
			if (list->count == count)
				r = refuse_limit(why, "A list is too long "
						 "for one call.");
		}
		(void)dbus_message_iter_next(&inner);
	}
	return r;
}

static const struct service_option *option_of(
	const struct service_option *known, const char *name)
{
	for (; known != NULL && known->name != NULL; known++)
		if (strcmp(known->name, name) == 0)
			return known;
	return NULL;
}

static int take_options(struct arena *arena, DBusMessageIter *iter,
			const struct service_option *known,
			struct service_args *out, struct args_refusal *why)
{
	static const char *const kinds[] = { "a text", "a number", "a truth" };
	const struct service_option *option;
	const struct value *member;
	const char *bad = "";
	int r = dict_read(arena, iter, &out->options, &bad);

	if (r < 0) {
		why->name = "InvalidOption";
		(void)snprintf(why->sentence, sizeof(why->sentence),
			       "The option \"%.60s\" stands twice or has a "
			       "type that no option has; texts, numbers and "
			       "booleans are taken.", bad);
		return r;
	}
	for (member = out->options->first; member != NULL;
	     member = member->next) {
		option = option_of(known, member->key);
		if (option != NULL && option->kind == member->kind)
			continue;
		why->name = "UnknownOption";
		(void)snprintf(why->sentence, sizeof(why->sentence),
			       option == NULL ? "The option \"%.60s\" is not "
			       "known here; the property Features lists the "
			       "options of this agent." : "The option \"%.60s\""
			       " is %s.", member->key, option == NULL ? "" :
			       kinds[option->kind]);
		return ERR_REFUSED;
	}
	return 0;
}

static void take_basic(struct arena *arena, DBusMessageIter *iter, int type,
		       struct service_args *out)
{
	dbus_uint16_t narrow;
	dbus_uint32_t wide;
	dbus_int64_t number;
	dbus_bool_t truth;
	const char *text;

	switch (type) {
	case DBUS_TYPE_UINT16:
		dbus_message_iter_get_basic(iter, &narrow);
		value_put_number(arena, out->values, NULL, narrow);
		break;
	case DBUS_TYPE_UINT32:
		dbus_message_iter_get_basic(iter, &wide);
		value_put_number(arena, out->values, NULL, wide);
		break;
	case DBUS_TYPE_INT64:
		dbus_message_iter_get_basic(iter, &number);
		value_put_number(arena, out->values, NULL, number);
		break;
	case DBUS_TYPE_BOOLEAN:
		dbus_message_iter_get_basic(iter, &truth);
		value_put_truth(arena, out->values, NULL, truth != FALSE);
		break;
	default:
		dbus_message_iter_get_basic(iter, &text);
		value_put_text(arena, out->values, NULL, text);
	}
}

int args_read(struct arena *arena, DBusMessage *message,
	      const struct service_option *known, struct service_args *out,
	      struct args_refusal *why)
{
	struct value *holder = value_dict(arena);
	DBusMessageIter iter;
	int type, r = 0;

	memset(out, 0, sizeof(*out));
	out->values = value_put_list(arena, holder, "values");
	out->options = value_dict(arena);
	if (out->values == NULL || out->options == NULL)
		return refuse_limit(why, "There is no memory for this call.");
	(void)dbus_message_iter_init(message, &iter);
	while (r == 0 &&
	       (type = dbus_message_iter_get_arg_type(&iter)) !=
	       DBUS_TYPE_INVALID) {
		if (type == DBUS_TYPE_UNIX_FD)
			r = take_descriptor(&iter, out, why);
		else if (type == DBUS_TYPE_ARRAY &&
			 dbus_message_iter_get_element_type(&iter) ==
			 DBUS_TYPE_DICT_ENTRY)
			r = take_options(arena, &iter, known, out, why);
		else if (type == DBUS_TYPE_ARRAY)
			r = take_array(arena, &iter, out, why);
		else
			take_basic(arena, &iter, type, out);
		(void)dbus_message_iter_next(&iter);
	}
	return r;
}
