/* authres_believe.c - which Authentication-Results are believed
 *
 * Those of a server the user trusts, where only it can have written them; and
 * of two that contradict each other, neither. */
#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/trace.h"

#define NO_ID		"none:"	/* a pattern for servers that write no id */
#define RESULTS_FIELDS_MAX 100	/* Authentication-Results looked at */

static bool matches(const struct patterns *patterns, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < patterns->count; i++)
		if (domain_matches(name, patterns->names[i]))
			return true;
	return false;
}

/* Servers that write no id in front are known by the border they wrote. */
static bool id_is_trusted(const struct patterns *servers,
			  const struct authres *results,
			  const struct trace *trace)
{
	struct patterns one = { NULL, 1 };
	const char *pattern;
	size_t i;

	if (results->authserv_id != NULL && !results->id_is_late)
		return matches(servers, results->authserv_id);
	for (i = 0; i < servers->count; i++) {
		if (strncmp(servers->names[i], NO_ID, strlen(NO_ID)) != 0)
			continue;
		pattern = servers->names[i] + strlen(NO_ID);
		one.names = &pattern;
		if (trace->has_border && trace->border.by != NULL &&
		    (domain_is_within(trace->border.by, pattern) ||
		     matches(&one, trace->border.by)))
			return true;
	}
	return false;
}

bool trace_breaks_block(const struct field *field)
{
	static const char *const names[] = {
		"Received", "From", "Sender", "Reply-To", "To", "Cc", "Bcc",
		"Date", "Subject", "Message-ID", "In-Reply-To", "References",
		"MIME-Version", "Content-Type", "Content-Transfer-Encoding"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_is_nocase(field->name, names[i]))
			return true;
	return field->odd_name;
}

/* Whether the field has results on that method and domain, and no pass. */
static bool denies(const struct authres *field,
		   const struct authres_result *pass)
{
	const struct authres_result *one;
	bool told = false;
	size_t i;

	for (i = 0; i < field->count; i++) {
		one = &field->results[i];
		if (one->domain == NULL || one == pass ||
		    strcmp(one->method, pass->method) != 0 ||
		    strcmp(one->domain, pass->domain) != 0)
			continue;
		if (strcmp(one->result, "pass") == 0)
			return false;
		told = true;
	}
	return told;
}

/* A pass that another field denies names no domain any more.  Within a field
 * several signatures of one domain may differ. */
static void settle_conflicts(struct authres_believed *out)
{
	struct authres_result *one;
	size_t i, j, k;

	for (i = 0; i < out->count; i++)
		for (j = 0; j < out->fields[i].count; j++) {
			one = &out->fields[i].results[j];
			for (k = 0; k < out->count && one->domain != NULL; k++)
				if (k != i && denies(&out->fields[k], one) &&
				    strcmp(one->result, "pass") == 0)
					one->domain = NULL;
		}
}

/* A field that bears a trusted id where a sender could have written it. */
static void note_forged(struct authres_believed *out,
			const struct authres *field, bool below)
{
	if (field->authserv_id == NULL || field->id_is_late)
		return;
	if (out->forged++ == 0)
		out->forged_id = field->authserv_id;
	out->forged_below += below ? 1 : 0;
}

int authres_believe(struct arena *arena, const struct message *message,
		    const struct trace *trace, const struct patterns *servers,
		    struct authres_believed *out)
{
	size_t block = trace->has_border ? trace->border_index : 0;
	bool below = trace->has_border;
	const struct field *field;
	size_t seen = 0, i;
	struct bytes value;
	struct authres one;
	int r;

	memset(out, 0, sizeof(*out));
	if (servers->count == 0)
		return 0;
	out->fields = arena_array(arena, RESULTS_FIELDS_MAX,
				  sizeof(*out->fields));
	if (out->fields == NULL)
		return ERR_LIMIT;
	while (block > 0 && !trace_breaks_block(&message->fields[block - 1]))
		block--;
	for (i = block; i < message->field_count; i++) {
		field = &message->fields[i];
		if (i != trace->border_index && trace_breaks_block(field))
			below = false;
		if (field->odd_name ||
		    !bytes_is_nocase(field->name, "Authentication-Results"))
			continue;
		if (++seen > RESULTS_FIELDS_MAX)
			break;
		value = field_unfold(arena, field);
		if (value.data == NULL)
			return ERR_LIMIT;
		r = authres_parse(arena, value, &one);
		if (r < 0 || !id_is_trusted(servers, &one, trace))
			continue;
		if (trace->has_border && i < trace->border_index)
			out->fields[out->count++] = one;
		else
			note_forged(out, &one, below);
	}
	settle_conflicts(out);
	return 0;
}
