/* trace.c - the border, and what stands above it */
#include "agent/mail/trace.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"

#define NO_ID "none:"	/* a pattern for servers that write no authserv-id */

static bool matches(const struct patterns *patterns, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < patterns->count; i++)
		if (domain_matches(name, patterns->names[i]))
			return true;
	return false;
}

/* "<alice@example.org>", "<>", or without brackets. */
static void return_path(struct arena *arena, const struct message *message,
			struct trace *out)
{
	const struct field *field = message_find(message, "Return-Path", 0);
	struct mailbox mailbox;
	struct bytes value;

	if (field == NULL)
		return;
	value = field_unfold(arena, field);
	if (value.len >= 2 && value.data[0] == '<' &&
	    value.data[value.len - 1] == '>')
		value = bytes_slice(value, 1, value.len - 1);
	if (value.len == 0) {
		out->mail_from = "";
		return;
	}
	if (address_parse(arena, value, &mailbox) == 0)
		out->mail_from = address_normal(arena, &mailbox);
	out->mail_from_broken = out->mail_from == NULL;
}

/* From the top: fields written inside, then the border. */
static void border_find(struct arena *arena, const struct message *message,
			const struct patterns *relays, struct trace *out)
{
	const struct field *field;
	struct received received;
	size_t i, seen = 0;

	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (field->odd_name ||
		    !bytes_is_nocase(field->name, "Received"))
			continue;
		if (++seen > TRACE_RECEIVED_MAX)
			break;
		if (received_parse(arena, field_unfold(arena, field),
				   &received) < 0) {
			out->no_border = "A Received field above the border "
					 "cannot be read, so the sending "
					 "server is not known.";
			return;
		}
		if (received.from_helo == NULL ||
		    matches(relays, received.from_host) ||
		    (received.from_host == NULL &&
		     matches(relays, received.from_helo)))
			continue;	/* written inside */
		if (!matches(relays, received.by)) {
			out->no_border = "No Received field of a trusted-relay "
					 "stands on top, so the sending "
					 "server is not known.";
			return;
		}
		out->has_border = true;
		out->border_index = i;
		out->border = received;
		return;
	}
	out->no_border = "No Received field of a trusted-relay was found, so "
			 "the sending server is not known.";
}

int trace_read(struct arena *arena, const struct message *message,
	       const struct patterns *relays, struct trace *out)
{
	memset(out, 0, sizeof(*out));
	return_path(arena, message, out);
	if (relays->count == 0)
		out->no_border = "SPF could not be checked here: no "
				 "trusted-relay is configured, so the sending "
				 "server is not known.";
	else
		border_find(arena, message, relays, out);
	return 0;
}

static bool id_is_trusted(const struct patterns *servers, const char *id)
{
	size_t i;

	if (id != NULL)
		return matches(servers, id);
	for (i = 0; i < servers->count; i++)
		if (strncmp(servers->names[i], NO_ID, strlen(NO_ID)) == 0)
			return true;
	return false;
}

/* The fields directly above the border that are trace fields of one kind. */
static bool is_results(const struct field *field)
{
	return !field->odd_name &&
	       bytes_is_nocase(field->name, "Authentication-Results");
}

int authres_believe(struct arena *arena, const struct message *message,
		    const struct trace *trace, const struct patterns *servers,
		    struct authres_believed *out)
{
	size_t i, block = trace->border_index;
	struct authres one;

	memset(out, 0, sizeof(*out));
	if (servers->count == 0)
		return 0;
	out->fields = arena_array(arena, message->field_count + 1,
				  sizeof(*out->fields));
	if (out->fields == NULL)
		return ERR_LIMIT;
	while (trace->has_border && block > 0 &&
	       is_results(&message->fields[block - 1]))
		block--;
	for (i = 0; i < message->field_count; i++) {
		if (!is_results(&message->fields[i]) ||
		    authres_parse(arena, field_unfold(arena,
				  &message->fields[i]), &one) < 0 ||
		    !id_is_trusted(servers, one.authserv_id))
			continue;
		if (trace->has_border && i >= block &&
		    i < trace->border_index)
			out->fields[out->count++] = one;
		else if (one.authserv_id != NULL)
			out->forged++;
	}
	return 0;
}
