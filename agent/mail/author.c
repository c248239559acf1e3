/* author.c - one From, one mailbox, two readers that agree
 *
 * GMime takes about a microsecond for a usual From: it is always asked. */
#include "agent/mail/author.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/address.h"
#include "agent/mail/author_gmime.h"
#include "agent/mail/domain.h"
#include "agent/mail/encoded_word.h"
#include "agent/mail/message.h"
#include "agent/mail/name.h"
#include "agent/mail/rune.h"

#define FROM_MAX	16384	/* octets of a From field that is read */

void author_prepare(void)
{
	gmime_author_prepare();
}

static int set(struct author *out, enum author_state state, const char *text)
{
	out->state = state;
	out->text = text;
	return 0;
}

static bool holds_code(struct bytes text)
{
	return text.len > 1 && memmem(text.data, text.len, "=?", 2) != NULL;
}

static size_t count_at(const char *name)
{
	struct bytes rest = bytes_of(name), as_is;
	size_t count = 0;

	while (rest.len > 0)
		count += rune_is_at(rune_take(&rest, &as_is));
	return count;
}

/* An '@' that belongs to no address: nobody can tell what it is to say. */
static bool has_lone_at(struct arena *arena, const char *name)
{
	size_t count = count_at(name), i;
	struct name_found found;

	if (count == 0)
		return false;
	name_find_addresses(arena, name, &found);
	for (i = 0; i < found.count && count > 0; i++)
		count -= strchr(found.text[i], '@') != NULL;
	return count > 0;
}

/* ASCII's control characters but HTAB, whatever the charset; all that
 * name_has_control() knows, where the bytes are UTF-8. */
static bool has_control(struct bytes text)
{
	struct bytes rest = text, piece;
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((text.data[i] < 32 && text.data[i] != '\t') ||
		    text.data[i] == 127)
			return true;
	if (!utf8_is_valid(text))
		return false;
	do {
		(void)bytes_cut(rest, '\t', &piece, &rest);
		if (name_has_control(piece))
			return true;
	} while (rest.len > 0);
	return false;
}

/* The octets of the name, decoded where RFC 2047 may stand: empty when it
 * cannot be read.  `to` keeps them. */
static struct bytes name_decode(struct buf *to, const struct mailbox *mailbox)
{
	struct bytes nothing = { NULL, 0 };

	if (mailbox->name_quoted || !holds_code(mailbox->name))
		buf_add(to, mailbox->name);
	else if (!encoded_words_decode(to, mailbox->name))
		return nothing;
	return to->full ? nothing : buf_bytes(to);
}

/* Only white space may differ: readers differ in it, and that is no lie. */
static bool names_agree(const char *ours, const char *theirs)
{
	struct bytes a = bytes_of(ours), b = bytes_of(theirs), from_a, from_b;
	int32_t rune;

	for (;;) {
		rune = ' ';
		from_a.len = from_b.len = 0;
		while (a.len > 0 && rune_is_blank(rune))
			rune = rune_take(&a, &from_a);
		if (rune_is_blank(rune))
			from_a.len = 0;
		rune = ' ';
		while (b.len > 0 && rune_is_blank(rune))
			rune = rune_take(&b, &from_b);
		if (rune_is_blank(rune))
			from_b.len = 0;
		if (from_a.len == 0 || from_b.len == 0)
			return from_a.len == from_b.len;
		if (!bytes_equal(from_a, from_b))
			return false;
	}
}

/* The address itself written once more is no other address. */
static bool is_address(struct arena *arena, const char *text,
		       const char *address)
{
	struct mailbox mailbox;
	const char *normal;

	if (text == NULL ||
	    address_parse(arena, bytes_trim(bytes_of(text)), &mailbox) < 0)
		return false;
	normal = address_normal(arena, &mailbox);
	return normal != NULL && address_same(normal, address);
}

static bool misleads(struct arena *arena, const char *name,
		     const char *address)
{
	return name != NULL && count_at(name) > 0 &&
	       !is_address(arena, name, address);
}

static int name_compare(struct arena *arena, const struct gmime_author *other,
			struct author *out)
{
	const char *ours = out->name == NULL ? "" : out->name;
	const char *theirs = other->name == NULL ? "" : other->name;

	if (names_agree(ours, theirs) && !out->name_unreadable)
		return 0;
	out->name_unreadable = true;
	if (misleads(arena, ours, out->address) ||
	    misleads(arena, theirs, out->address))
		return set(out, AUTHOR_AMBIGUOUS, "Some programs show another "
			   "address as the sender's name than others.");
	return 0;
}

static int name_judge(struct arena *arena, const struct mailbox *mailbox,
		      const struct gmime_author *other, struct author *out)
{
	struct bytes decoded;
	struct buf text;
	int r = 0;

	buf_init(&text, FROM_MAX * 4);
	decoded = name_decode(&text, mailbox);
	if (has_control(decoded) || (utf8_is_valid(decoded) &&
				     name_has_control(decoded))) {
		r = set(out, AUTHOR_CONTROL, "The sender's name holds control "
			"or direction characters, which can hide what it "
			"says.");
		goto out;
	}
	if (mailbox->name.len > 0 && decoded.len == 0)
		out->name_unreadable = text.full || holds_code(mailbox->name);
	if (!utf8_is_valid(decoded) || decoded.len > NAME_MAX_BYTES ||
	    holds_code(decoded) || mailbox->name_mixed)
		out->name_unreadable = true;
	if (decoded.len > 0 && utf8_is_valid(decoded)) {
		out->name = arena_text(arena, decoded);
		if (out->name == NULL)
			r = ERR_LIMIT;
	}
	if (r == 0)
		r = name_compare(arena, other, out);
	if (r == 0 && out->name != NULL && has_lone_at(arena, out->name))
		out->name_unreadable = true;
out:
	buf_free(&text);
	return r;
}

static int mailbox_judge(struct arena *arena, struct bytes value,
			 const struct mailbox *mailbox, struct author *out)
{
	struct gmime_author other;
	int r;

	out->odd_route = mailbox->has_route;
	out->odd_local = mailbox->local_quoted;
	out->address = address_normal(arena, mailbox);
	if (out->address == NULL)
		return set(out, AUTHOR_AMBIGUOUS, "The address in From is none "
			   "that mail can be sent to.");
	out->domain = strrchr(out->address, '@') + 1;
	out->local = arena_text(arena, mailbox->local);
	if (out->local == NULL)
		return ERR_LIMIT;
	if (has_control(value))
		return set(out, AUTHOR_CONTROL, "From holds control or "
			   "direction characters, which can hide what it "
			   "says.");
	if (holds_code(mailbox->local) || holds_code(mailbox->domain))
		return set(out, AUTHOR_AMBIGUOUS, "The address in From is "
			   "written in a code (RFC 2047) that may not stand "
			   "there.");
	if (mailbox->has_route)
		return set(out, AUTHOR_AMBIGUOUS, "A route stands in front of "
			   "the address in From, which nobody writes any more; "
			   "programs differ in which address they show.");
	r = gmime_author_read(arena, value, &other);
	if (r < 0)
		return r;
	if (other.mailboxes != 1 || other.group ||
	    !is_address(arena, other.address, out->address))
		return set(out, AUTHOR_AMBIGUOUS, "Programs differ in which "
			   "address they read in From.");
	return name_judge(arena, mailbox, &other, out);
}

/* Why our reader cannot read it, most telling first. */
static int unreadable(struct bytes value, struct author *out)
{
	if (has_control(value))
		return set(out, AUTHOR_CONTROL, "From holds control or "
			   "direction characters, which can hide what it "
			   "says.");
	if (!utf8_is_valid(value))
		return set(out, AUTHOR_AMBIGUOUS, "From holds bytes of an "
			   "unknown character set.");
	if (bytes_trim(value).len == 0)
		return set(out, AUTHOR_AMBIGUOUS, "From is empty.");
	return set(out, AUTHOR_AMBIGUOUS, "From breaks the rules of address "
		   "fields; programs differ in what they read.");
}

/* "a@b <a@b>", bare, which the grammar does not allow and some programs write:
 * whatever a reader takes, it is this address. */
static bool is_twice(struct arena *arena, struct bytes value,
		     struct mailbox *out)
{
	struct bytes name, address, rest;
	const char *normal;

	value = bytes_trim(value);
	if (!bytes_cut(value, '<', &name, &address) ||
	    !bytes_cut(address, '>', &address, &rest) || rest.len > 0)
		return false;
	name = bytes_trim(name);
	if (bytes_has(name, '(') || bytes_has(name, '"') ||
	    !bytes_equal(name, address) ||
	    address_parse(arena, address, out) < 0)
		return false;
	normal = address_normal(arena, out);
	return normal != NULL && bytes_is_nocase(address, normal);
}

static int value_read(struct arena *arena, struct bytes value,
		      struct author *out)
{
	struct mailbox_list list;
	struct mailbox mailbox;
	int r;

	if (value.len > FROM_MAX)
		return set(out, AUTHOR_AMBIGUOUS, "From is far longer than any "
			   "sender's address and name.");
	if (bytes_has(value, 0))
		return unreadable(value, out);
	r = address_list_parse(arena, value, &list);
	if (r == ERR_LIMIT && list.count < ADDRESS_LIST_MAX)
		return r;
	if (r == ERR_SYNTAX)
		return is_twice(arena, value, &mailbox) ?
			mailbox_judge(arena, value, &mailbox, out) :
			unreadable(value, out);
	if (list.groups > 0)
		return set(out, AUTHOR_GROUP, "From names a group of "
			   "addresses.");
	if (list.count != 1)
		return set(out, AUTHOR_SEVERAL, "From names several "
			   "addresses.");
	return mailbox_judge(arena, value, &list.mailboxes[0], out);
}

int author_read(struct arena *arena, const struct message *message,
		struct author *out)
{
	size_t count = message_count(message, "From");
	const struct field *field = message_find(message, "From", 0);
	struct bytes value;
	int r;

	memset(out, 0, sizeof(*out));
	if (count + message->hidden_from > 1)
		return set(out, AUTHOR_REPEATED, "From stands more than once; "
			   "programs differ in which one they show.");
	if (message->hidden_from > 0)
		return set(out, AUTHOR_REPEATED, "A line that only some "
			   "programs read as From is the only one.");
	if (count == 0 || field == NULL)
		return set(out, AUTHOR_MISSING, "The message has no From "
			   "field.");
	value = field_unfold(arena, field);
	if (value.data == NULL)
		return ERR_LIMIT;
	r = value_read(arena, value, out);
	if (r == 0 && out->state == AUTHOR_ONE && message->has_nul)
		return set(out, AUTHOR_AMBIGUOUS, "The header holds a NUL "
			   "byte; programs differ in what they read of it.");
	if (r == 0 && out->state == AUTHOR_ONE && message->starts_blank)
		return set(out, AUTHOR_AMBIGUOUS, "The message begins with a "
			   "blank; some programs read no header at all.");
	return r;
}
