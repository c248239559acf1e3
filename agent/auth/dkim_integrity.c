/* dkim_integrity.c - counting fields against h= */
#include "agent/auth/dkim_integrity.h"

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/message_hidden.h"
#include "agent/mail/mime_fits.h"

static const char *const shown_fields[] = {
	"From", "Subject", "Date", "To", "Cc", "Reply-To", "Content-Type"
};

static size_t covered(const struct dkim_signature *signature,
		      const char *name)
{
	size_t count = 0, i;

	for (i = 0; i < signature->name_count; i++)
		count += bytes_is_nocase(signature->names[i], name);
	return count;
}

/* How many fields of that name any program could see (design 7). */
static size_t present(const struct message *message, const char *name)
{
	return message_count(message, name) + message_hidden(message, name);
}

bool dkim_covers(const struct message *message,
		 const struct dkim_signature *signature, const char *name)
{
	size_t count = present(message, name);

	return count > 0 && count <= covered(signature, name);
}

#define ANSWERS_MAX 16	/* addresses that are looked for in To and Cc */

/* Where answers go, for some programs.  Mutt names in Mail-Followup-To whom
 * its user wrote to, and no server signs it. */
enum answers { ANSWERS_INSIDE, ANSWERS_TO_WRITTEN };
static const struct answer_field {
	const char *name;
	enum answers may;
} answer_fields[] = {
	{ "Reply-To", ANSWERS_INSIDE },
	{ "Mail-Reply-To", ANSWERS_TO_WRITTEN },
	{ "Mail-Followup-To", ANSWERS_TO_WRITTEN },
};

static bool is_listed(struct arena *arena, const struct field *field,
		      const char *address)
{
	struct mailbox_list list;
	const char *other;
	size_t i;

	if (field == NULL ||
	    address_list_parse(arena, field_unfold(arena, field), &list) < 0)
		return false;
	for (i = 0; i < list.count; i++) {
		other = address_normal(arena, &list.mailboxes[i]);
		if (other != NULL && address_same(other, address))
			return true;
	}
	return false;
}

static bool author_wrote_to(struct arena *arena, const struct message *message,
			    const struct dkim_signature *signature,
			    const char *address)
{
	static const char *const names[] = { "To", "Cc" };
	size_t i;

	for (i = 0; i < 2; i++)
		if (covered(signature, names[i]) > 0 &&
		    is_listed(arena, message_find(message, names[i], 0),
			      address))
			return true;
	return false;
}

static bool answers_leave(struct arena *arena, const struct message *message,
			  const struct dkim_signature *signature,
			  const struct answer_field *answer,
			  const char *author_domain)
{
	const struct field *field = message_find(message, answer->name, 0);
	const char *address, *at;
	struct mailbox_list list;
	bool written;
	size_t i;

	if (field == NULL || author_domain == NULL)
		return false;
	if (message_count(message, answer->name) > 1 ||
	    address_list_parse(arena, field_unfold(arena, field), &list) < 0)
		return true;
	written = answer->may == ANSWERS_TO_WRITTEN &&
		  list.count <= ANSWERS_MAX;
	for (i = 0; i < list.count; i++) {
		address = address_normal(arena, &list.mailboxes[i]);
		at = address == NULL ? NULL : strrchr(address, '@');
		if (at == NULL || (strcmp(domain_registrable(at + 1),
				domain_registrable(author_domain)) != 0 &&
		    !(written && author_wrote_to(arena, message, signature,
						 address))))
			return true;
	}
	return false;
}

static void set(struct dkim_finding *finding, enum integrity integrity,
		const char *text)
{
	finding->integrity = integrity;
	finding->integrity_text = text;
}

static bool is_open(const struct message *message,
		    const struct dkim_signature *signature, const char *name)
{
	return present(message, name) > covered(signature, name);
}

/* The end of a body that is too large to be in memory, up to its very last
 * octet; len 0: it cannot be read. */
static struct bytes end_of(const struct dkim_body *body)
{
	struct bytes end = { NULL, 0 };
	uint64_t at = 0;

	if (body->size > MIME_END_ENOUGH)
		at = body->size - MIME_END_ENOUGH;
	do {
		at += end.len;
		if (body->next(body->ctx, at, &end) <= 0)
			end.len = 0;
	} while (end.len > 0 && end.len < body->size - at);
	return end;
}

/* What says how the text is to be read, where nobody signed it: NULL, or why
 * the text seems to be something else. */
static const char *misread(struct arena *arena, const struct dkim_input *input,
			   const struct dkim_signature *signature)
{
	const struct message *message = input->message;
	struct mime_unsigned what;
	struct mime_body body = { message->body, message->body, true };

	what.type = is_open(message, signature, "Content-Type");
	what.encoding = is_open(message, signature,
				"Content-Transfer-Encoding");
	if (!what.type && !what.encoding)
		return NULL;
	if (what.encoding && present(message, "Content-Transfer-Encoding") > 1)
		return "Content-Transfer-Encoding stands more than once, and "
		       "the signature does not cover all of them.";
	if (input->body.next != NULL && input->body.size > body.start.len) {
		body.end = end_of(&input->body);
		body.whole = false;
	}
	return mime_misfit(arena, message, what, &body);
}

void dkim_integrity(struct arena *arena, const struct dkim_input *input,
		    const struct dkim_signature *signature,
		    struct dkim_finding *finding)
{
	const struct message *message = input->message;
	const char *why;
	size_t i, count;

	set(finding, INTEGRITY_WHOLE, NULL);
	count = present(message, "Autocrypt");
	finding->covers_autocrypt = count > 0 &&
				    covered(signature, "Autocrypt") >= count;
	if (finding->body_beyond > 0) {
		set(finding, INTEGRITY_TAMPERED, "Text was added behind what "
		    "the signature covers (l=).");
		return;
	}
	if (message->has_stray_line || message->has_bare_cr) {
		set(finding, INTEGRITY_TAMPERED, "A line of the header is no "
		    "field; some programs show what follows it as the text.");
		return;
	}
	for (i = 0; i < sizeof(shown_fields) / sizeof(shown_fields[0]); i++) {
		count = present(message, shown_fields[i]);
		if (count < 2 || count <= covered(signature, shown_fields[i]))
			continue;
		set(finding, INTEGRITY_TAMPERED,
		    arena_print(arena, "The field %s stands %zu times, and the "
				"signature does not cover all of them.",
				shown_fields[i], count));
		return;
	}
	for (i = 1; i <= 2; i++)	/* Subject, Date */
		if (present(message, shown_fields[i]) > 0 &&
		    covered(signature, shown_fields[i]) == 0)
			set(finding, INTEGRITY_PARTLY,
			    arena_print(arena, "The signature does not cover "
					"the field %s.", shown_fields[i]));
	for (i = 0; i < sizeof(answer_fields) / sizeof(answer_fields[0]); i++)
		if (covered(signature, answer_fields[i].name) == 0 &&
		    answers_leave(arena, message, signature, &answer_fields[i],
				  input->author_domain))
			set(finding, INTEGRITY_PARTLY,
			    arena_print(arena, "The signature does not cover "
					"%s, which leads to another domain.",
					answer_fields[i].name));
	why = misread(arena, input, signature);
	if (why != NULL)
		set(finding, INTEGRITY_PARTLY, why);
}
