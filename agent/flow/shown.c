/* shown.c - Subject, Date and Message-ID as programs read them */
#include "agent/flow/shown.h"

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/encoded_word.h"
#include "agent/mail/message.h"
#include "agent/mail/rune.h"

#define DECODED_MAX	16384

/* White space one blank, none at the ends. */
static const char *tidy(struct arena *arena, struct bytes text)
{
	struct bytes as_is;
	bool blank = false;
	struct buf to;
	const char *out;
	int32_t rune;

	buf_init(&to, SHOWN_BYTES);
	while (text.len > 0 && !to.full) {
		rune = rune_take(&text, &as_is);
		if (rune == '\n' || rune == '\r' || rune == '\t' ||
		    rune_is_blank(rune)) {
			blank = to.len > 0;
			continue;
		}
		if (blank)
			buf_byte(&to, ' ');
		blank = false;
		if (rune <= 0 || rune_is_nothing(rune))
			buf_text(&to, "\xEF\xBF\xBD");
		else
			buf_add(&to, as_is);
	}
	out = arena_text(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}

const char *shown_field(struct arena *arena, const struct message *message,
			const char *name)
{
	const struct field *field = message_find(message, name, 0);
	struct bytes value;
	struct buf decoded;
	const char *out;

	if (field == NULL)
		return NULL;
	value = field_unfold(arena, field);
	buf_init(&decoded, DECODED_MAX);
	/* What cannot be decoded is shown as it stands, as others do. */
	if (encoded_words_decode(&decoded, value) && !decoded.full)
		out = tidy(arena, buf_bytes(&decoded));
	else
		out = tidy(arena, value);
	buf_free(&decoded);
	return out;
}

struct ids {
	struct arena *arena;
	const char **ids;
	size_t count;			/* all, kept or not */
};

/* The last one makes room when there is none. */
static void id_add(struct ids *ids, struct bytes id)
{
	size_t at = ids->count < SHOWN_IDS_MAX ? ids->count :
						 SHOWN_IDS_MAX - 1;
	const char *text;

	id = bytes_trim(id);
	if (id.len == 0 || id.len > SHOWN_ID_BYTES || !utf8_is_valid(id))
		return;
	text = arena_text(ids->arena, id);
	if (text == NULL)
		return;
	if (ids->count >= SHOWN_IDS_MAX)
		memmove(&ids->ids[SHOWN_IDS_MAX / 2],
			&ids->ids[SHOWN_IDS_MAX / 2 + 1],
			(SHOWN_IDS_MAX / 2 - 1) * sizeof(*ids->ids));
	ids->ids[at] = text;
	ids->count++;
}

static void field_ids(struct ids *ids, struct bytes value)
{
	struct bytes before, id, rest = value;
	bool found = false;

	while (bytes_cut(rest, '<', &before, &rest)) {
		if (!bytes_cut(rest, '>', &id, &rest))
			break;
		id_add(ids, id);
		found = true;
	}
	if (!found)
		id_add(ids, value);
}

static size_t ids_kept(const struct ids *ids)
{
	return ids->count < SHOWN_IDS_MAX ? ids->count : SHOWN_IDS_MAX;
}

size_t shown_ids(struct arena *arena, const struct message *message,
		 const char *out[SHOWN_IDS_MAX])
{
	struct ids ids = { arena, out, 0 };
	size_t i;

	for (i = 0; i < message->field_count; i++)
		if (bytes_is_nocase(message->fields[i].name, "Message-ID"))
			field_ids(&ids, field_unfold(arena,
						     &message->fields[i]));
	return ids_kept(&ids);
}

size_t shown_ids_in(struct arena *arena, struct bytes value,
		    const char *out[SHOWN_IDS_MAX])
{
	struct ids ids = { arena, out, 0 };

	field_ids(&ids, value);
	return ids_kept(&ids);
}
