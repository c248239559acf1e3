/* prepare_envelopes.c - who gets the mail together with whom
 *
 * Whoever stands in To or Cc is in one envelope.  A hidden recipient is alone
 * in one: neither a server's trace fields nor the list of those whom a message
 * is encrypted to tell of the others then. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/flow/prepare_inside.h"

static bool is_ascii(const char *text)
{
	for (; *text != 0; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* A new one for some of the list. */
static void envelope_put(struct prepare *prepare,
			 const struct outgoing_list *list, size_t from,
			 size_t count)
{
	struct queue_job *job = &prepare->job;
	struct queue_envelope *envelope;
	struct queue_recipient *to;
	size_t i;

	if (count == 0)
		return;
	envelope = &job->envelopes[job->envelope_count];
	envelope->sender = prepare->out->sender;
	envelope->utf8 = !is_ascii(envelope->sender);
	envelope->first = job->recipient_count;
	envelope->count = count;
	for (i = 0; i < count; i++) {
		to = &job->recipients[job->recipient_count++];
		to->address = list->all[from + i];
		to->envelope = job->envelope_count;
		envelope->utf8 = envelope->utf8 || !is_ascii(to->address);
	}
	job->envelope_count++;
}

int prepare_envelopes(struct prepare *prepare, size_t alone_max)
{
	const struct outgoing_list *hidden = &prepare->hidden;
	struct queue_job *job = &prepare->job;
	size_t each = hidden->count > alone_max ? hidden->count : 1, i;

	job->recipients = arena_array(prepare->arena, prepare->to.count +
				      hidden->count, sizeof(*job->recipients));
	job->envelopes = arena_array(prepare->arena, 1 + hidden->count / each +
				     1, sizeof(*job->envelopes));
	if (job->recipients == NULL || job->envelopes == NULL)
		return prepare_no_memory(prepare);
	envelope_put(prepare, &prepare->to, 0, prepare->to.count);
	for (i = 0; i < hidden->count; i += each)
		envelope_put(prepare, hidden, i, each);
	return 0;
}
