/* prepare_learn.c - whom the user knows once the server took the mail
 *
 * To and Cc of what a person wrote to persons; the name beside an address goes
 * along, because an address that bears the name of somebody else is not
 * learned.  Nothing is said of what is resent, a bounce, an automatic reply
 * (RFC 3834 section 5), or goes through a mailing list. */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/prepare_inside.h"
#include "agent/mail/address.h"
#include "agent/mail/name.h"

#define LEARN_MAX	64	/* of one mail: a circular makes nobody known */
#define PHRASE_MAX	500	/* bytes */

static bool is_word_of(struct bytes value, const char *const *words)
{
	value = bytes_trim(value);
	for (; *words != NULL; words++)
		if (bytes_is_nocase(value, *words))
			return true;
	return false;
}

/* A field that no person's program writes to a person. */
static bool is_of_machine(const struct outgoing_field *field)
{
	static const char *const by_hand[] = { "no", NULL };
	static const char *const many[] = { "bulk", "junk", "list",
					    "auto_reply", NULL };

	if (bytes_is_nocase(field->name, "Auto-Submitted"))
		return !is_word_of(field->value, by_hand);
	if (bytes_is_nocase(field->name, "Precedence"))
		return is_word_of(field->value, many);
	return bytes_starts_nocase(field->name, "List-") ||
	       bytes_is_nocase(field->name, "Mailing-List") ||
	       bytes_is_nocase(field->name, "Mail-Followup-To") ||
	       bytes_is_nocase(field->name, "X-Autoreply") ||
	       bytes_is_nocase(field->name, "X-Autorespond");
}

static bool is_to_persons(const struct prepare *prepare)
{
	const struct outgoing *message = &prepare->message;
	size_t i;

	if (message->resent || prepare->out->sender[0] == 0)
		return false;
	for (i = 0; i < message->count; i++)
		if (is_of_machine(&message->fields[i]))
			return false;
	return true;
}

/* As it stands: the reader decodes it.  "" where there is none; NULL: it
 * cannot be one. */
static const char *phrase_of(struct arena *arena,
			     const struct mailbox *mailbox)
{
	struct bytes phrase = mailbox->name;

	if (mailbox->name_mixed || phrase.len > PHRASE_MAX ||
	    !utf8_is_valid(phrase) || name_has_control(phrase))
		return NULL;
	return arena_text(arena, phrase);
}

/* Who gets it, and is not hidden: the first envelope. */
static struct queue_recipient *recipient_of(const struct prepare *prepare,
					    const char *address)
{
	size_t i;

	for (i = 0; i < prepare->to.count; i++)
		if (strcmp(prepare->job.recipients[i].address, address) == 0)
			return &prepare->job.recipients[i];
	return NULL;
}

static void field_learn(struct prepare *prepare,
			const struct outgoing_field *field, size_t *left)
{
	struct queue_recipient *recipient;
	struct mailbox_list found;
	const char *address;
	size_t i;

	if (address_list_parse(prepare->arena,
			       outgoing_value(prepare->arena, field),
			       &found) < 0)
		return;
	for (i = 0; i < found.count && *left > 0; i++) {
		address = address_normal(prepare->arena, &found.mailboxes[i]);
		recipient = address == NULL ? NULL :
			    recipient_of(prepare, address);
		if (recipient == NULL)
			continue;
		recipient->learn = phrase_of(prepare->arena,
					     &found.mailboxes[i]);
		--*left;
	}
}

void prepare_learn(struct prepare *prepare)
{
	const struct outgoing *message = &prepare->message;
	size_t left = LEARN_MAX, i;

	if (!is_to_persons(prepare))
		return;
	for (i = 0; i < message->count; i++)
		if (bytes_is_nocase(message->fields[i].name, "To") ||
		    bytes_is_nocase(message->fields[i].name, "Cc"))
			field_learn(prepare, &message->fields[i], &left);
}
