/* author.c - one From, one mailbox, two readers that agree */
#include "agent/mail/author.h"

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/mail/address.h"
#include "agent/mail/author_gmime.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/name.h"

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

/* Neither reader's name may hold an "@" that the other does not see. */
static bool holds_at(const char *name)
{
	struct bytes rest = bytes_of(name);

	for (; rest.len > 0; rest = bytes_slice(rest, 1, rest.len))
		if (rest.data[0] == '@' ||
		    bytes_starts(rest, "\xEF\xBC\xA0") ||
		    bytes_starts(rest, "\xEF\xB9\xAB"))
			return true;
	return false;
}

static bool is_ascii(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] >= 0x80)
			return false;
	return true;
}

/* RFC 2047 where it may stand; NULL: unreadable. */
static const char *name_decoded(struct arena *arena,
				const struct mailbox *mailbox)
{
	const char *raw = arena_text(arena, mailbox->name);

	if (raw == NULL || !utf8_is_valid(mailbox->name))
		return NULL;
	if (mailbox->name_quoted || strstr(raw, "=?") == NULL)
		return raw;
	return gmime_decode_phrase(arena, raw);
}

/* Blanks alike: readers differ in folding, and that is no lie. */
static bool names_agree(struct arena *arena, const char *a, const char *b)
{
	const char *left = name_shown(arena, a), *right = name_shown(arena, b);

	return left != NULL && right != NULL && strcmp(left, right) == 0;
}

static int name_judge(struct arena *arena, const struct mailbox *mailbox,
		      const struct gmime_author *other, struct author *out)
{
	if (mailbox->name.len > 0)
		out->name = name_decoded(arena, mailbox);
	if (mailbox->name.len > 0 && out->name == NULL)
		out->name_unreadable = true;
	else if (mailbox->name.len > NAME_MAX_BYTES)
		out->name_unreadable = true;
	if (out->name != NULL && name_has_control(bytes_of(out->name)))
		return set(out, AUTHOR_CONTROL, "The display name in From "
			   "holds control or direction characters, which can "
			   "hide what it says.");
	if (out->name != NULL && strstr(out->name, "=?") != NULL &&
	    other->name != NULL && !names_agree(arena, out->name, other->name))
		out->name_unreadable = true;
	if ((out->name == NULL) != (other->name == NULL) ||
	    (out->name != NULL &&
	     !names_agree(arena, out->name, other->name))) {
		/* A comment is a name to some readers, never to us. */
		out->name_unreadable = true;
		if (other->name != NULL && holds_at(other->name) &&
		    (out->name == NULL || !holds_at(out->name)))
			return set(out, AUTHOR_AMBIGUOUS, "Some programs show "
				   "another address in From than stands "
				   "there.");
	}
	return 0;
}

static bool same_address(struct arena *arena, const char *address,
			 const char *other)
{
	struct mailbox mailbox;
	const char *normal;

	if (other == NULL ||
	    address_parse(arena, bytes_trim(bytes_of(other)), &mailbox) < 0)
		return false;
	normal = address_normal(arena, &mailbox);
	return normal != NULL && address_same(normal, address);
}

static int mailbox_judge(struct arena *arena, struct bytes value,
			 const struct mailbox *mailbox, struct author *out)
{
	struct gmime_author other;
	const char *text = arena_text(arena, value);
	const char *address = address_normal(arena, mailbox);

	out->odd_route = mailbox->has_route;
	out->odd_local = mailbox->local_quoted ||
			 bytes_has(mailbox->local, '@');
	if (name_has_control(mailbox->local) ||
	    name_has_control(mailbox->domain))
		return set(out, AUTHOR_CONTROL, "The address in From holds "
			   "control or direction characters.");
	if (address == NULL || text == NULL)
		return set(out, AUTHOR_AMBIGUOUS, "The address in From is none "
			   "that mail can be sent to.");
	out->address = address;
	out->domain = strrchr(address, '@') + 1;
	out->local = arena_text(arena, mailbox->local);
	if (memmem(mailbox->local.data, mailbox->local.len, "=?", 2) != NULL)
		return set(out, AUTHOR_AMBIGUOUS, "The address in From is "
			   "written in a code (RFC 2047) that may not stand "
			   "there.");
	gmime_author_read(arena, text, &other);
	if (other.mailboxes != 1 || other.group ||
	    !same_address(arena, address, other.address))
		return set(out, AUTHOR_AMBIGUOUS, "Programs disagree about the "
			   "address in From.");
	return name_judge(arena, mailbox, &other, out);
}

int author_read(struct arena *arena, const struct message *message,
		struct author *out)
{
	size_t count = message_count(message, "From");
	struct mailbox_list list;
	struct bytes value;
	int r;

	memset(out, 0, sizeof(*out));
	if (count + message->hidden_from > 1)
		return set(out, AUTHOR_REPEATED, "From stands more than once; "
			   "programs differ in which one they show.");
	if (count == 0)
		return set(out, message->hidden_from > 0 ? AUTHOR_REPEATED :
			   AUTHOR_MISSING, "The message has no From field that "
			   "can be read.");
	value = field_unfold(arena, message_find(message, "From", 0));
	if (value.data == NULL)
		return ERR_LIMIT;
	if (bytes_has(value, 0) || bytes_has(value, '\r'))
		return set(out, AUTHOR_CONTROL, "From holds control "
			   "characters.");
	r = address_list_parse(arena, value, &list);
	if (r == ERR_LIMIT)
		return set(out, AUTHOR_SEVERAL, "From holds more addresses "
			   "than can be told apart.");
	if (r < 0)
		return set(out, AUTHOR_AMBIGUOUS, is_ascii(value) ||
			   utf8_is_valid(value) ?
			   "From breaks the rules of address fields; programs "
			   "differ in what they read." :
			   "From holds bytes of an unknown character set.");
	if (list.groups > 0)
		return set(out, AUTHOR_GROUP, "From names a group of "
			   "addresses.");
	if (list.count != 1)
		return set(out, AUTHOR_SEVERAL, "From names several "
			   "addresses.");
	return mailbox_judge(arena, value, &list.mailboxes[0], out);
}
