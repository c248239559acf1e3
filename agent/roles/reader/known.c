/* known.c - KNOWN: the one form of an address, and whose it is
 *
 * Answered by the polling thread: it is short, and nothing is asked. */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/mail/address.h"
#include "agent/mail/encoded_word.h"
#include "agent/roles/reader/reader.h"
#include "agent/roles/role.h"

#define KNOWN_ARENA	(256 * 1024)
#define PHRASE_MAX	4096	/* bytes of it, decoded */

/* Whether what stood beside an address names another contact, as it stands or
 * decoded; what cannot be read may. */
static bool is_anothers(struct arena *arena, const struct contacts *contacts,
			const char *beside, const char *address)
{
	const char *decoded = NULL;
	struct buf text;

	buf_init(&text, PHRASE_MAX);
	if (encoded_words_decode(&text, bytes_of(beside)) && !text.full)
		decoded = arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return decoded == NULL ||
	       contacts_name_owner(arena, contacts, beside, address) != NULL ||
	       contacts_name_owner(arena, contacts, decoded, address) != NULL;
}

static void known_report(struct reader *reader, struct arena *arena,
			 uint32_t id, const char *address, const char *beside)
{
	struct book *book = book_hold(reader);
	const struct contact *contact = NULL;
	struct value *report = value_dict(arena);

	if (book != NULL)
		contact = contacts_find(book->contacts, address);
	value_put_text(arena, report, "address", address);
	value_put_truth(arena, report, "known", contact != NULL);
	if (contact != NULL && contact->name[0] != 0)
		value_put_text(arena, report, "name", contact->name);
	if (beside != NULL && book != NULL)
		value_put_truth(arena, report, "anothers",
				is_anothers(arena, book->contacts, beside,
					    address));
	role_report(id, report, NULL, 0);
	book_let_go(reader, book);
}

int reader_known(void *ctx, struct frame *frame)
{
	struct reader *reader = ctx;
	struct arena *arena = arena_new(KNOWN_ARENA);
	const char *text, *address = NULL;
	struct mailbox mailbox;
	struct value *question;
	int r = ERR_MEMORY;

	if (arena != NULL)
		r = value_decode(arena, frame->payload, &question);
	if (r < 0)
		goto out;
	text = value_text(question, "address");
	r = text == NULL ? ERR_PROTOCOL : 0;
	if (r == 0 && address_parse(arena, bytes_trim(bytes_of(text)),
				    &mailbox) == 0)
		address = address_normal(arena, &mailbox);
	if (r == 0 && address == NULL)
		role_fail(frame->id, "InvalidAddress", "This is no address "
			  "that mail can be sent to; write it as "
			  "alice@example.org.");
	else if (r == 0)
		known_report(reader, arena, frame->id, address,
			     value_text(question, "beside"));
out:
	arena_free(arena);
	return r;
}
