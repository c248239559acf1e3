/* address_normal.c - the form in which addresses are kept, compared, shown */
#include "agent/mail/address.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/address_token.h"
#include "agent/mail/domain.h"
#include "agent/mail/rune.h"

enum local_kind { LOCAL_UNFIT, LOCAL_PLAIN, LOCAL_WANTS_QUOTES };

/* Nothing that shows as something else, or as nothing, may be in it. */
static enum local_kind local_kind(struct bytes local)
{
	struct bytes rest = local, as_is;
	unsigned char before = '.';
	bool plain = local.len > 0;
	int32_t rune;

	if (local.len == 0 || !utf8_is_valid(local))
		return LOCAL_UNFIT;
	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_nothing(rune) || rune_is_invisible(rune) ||
		    (rune >= 0x80 && (rune_is_blank(rune) ||
				      rune_is_at(rune))))
			return LOCAL_UNFIT;
		if (rune == '.' ? before == '.' :
				  !token_is_atext(as_is.data[0]))
			plain = false;
		before = as_is.data[0];
	}
	return plain && before != '.' ? LOCAL_PLAIN : LOCAL_WANTS_QUOTES;
}

/* IDNA would leave out what nobody sees; an address that holds it is no
 * mailbox's. */
static bool is_seen(struct bytes domain)
{
	struct bytes rest = domain, as_is;
	int32_t rune;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_nothing(rune) || rune_is_invisible(rune))
			return false;
	}
	return true;
}

const char *address_normal(struct arena *arena, const struct mailbox *mailbox)
{
	const char *domain = domain_normal(arena, mailbox->domain), *out;
	enum local_kind kind = local_kind(mailbox->local);
	struct buf text;
	size_t i;

	if (domain == NULL || kind == LOCAL_UNFIT ||
	    !is_seen(mailbox->domain))
		return NULL;
	if (kind == LOCAL_PLAIN)
		return arena_print(arena, "%.*s@%s", (int)mailbox->local.len,
				   (const char *)mailbox->local.data, domain);
	buf_init(&text, 2 * ADDRESS_MAX);
	buf_byte(&text, '"');
	for (i = 0; i < mailbox->local.len; i++) {
		if (mailbox->local.data[i] == '"' ||
		    mailbox->local.data[i] == '\\')
			buf_byte(&text, '\\');
		buf_byte(&text, mailbox->local.data[i]);
	}
	buf_print(&text, "\"@%s", domain);
	out = text.full ? NULL : arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

bool address_same(const char *a, const char *b)
{
	return bytes_equal_nocase(bytes_of(a), bytes_of(b));
}
