/* dmarc_record.c - tags; a broken one has its default, an unknown one none */
#include "agent/auth/dmarc_record.h"

#include "agent/base/arena.h"

#define RECORD_MAX	8192
#define TAGS_MAX	64

static enum policy policy_of(struct bytes value, bool *bad)
{
	if (bytes_is_nocase(value, "none"))
		return POLICY_NONE;
	if (bytes_is_nocase(value, "quarantine"))
		return POLICY_QUARANTINE;
	if (bytes_is_nocase(value, "reject"))
		return POLICY_REJECT;
	*bad = true;
	return POLICY_UNSET;
}

/* A mailto: or https: URI, "!10m" cut off (historic). */
static const char *uri_of(struct arena *arena, struct bytes text)
{
	size_t i;

	text = bytes_trim(text);
	text = bytes_slice(text, 0, bytes_find(text, '!'));
	if (!bytes_starts_nocase(text, "mailto:") &&
	    !bytes_starts_nocase(text, "https:"))
		return NULL;
	if (bytes_starts_nocase(text, "mailto:") && !bytes_has(text, '@'))
		return NULL;
	for (i = 0; i < text.len; i++)
		if (text.data[i] <= 32 || text.data[i] >= 127)
			return NULL;
	return arena_text(arena, text);
}

static size_t uris_of(struct arena *arena, struct bytes value,
		      const char **out)
{
	size_t count = 0;
	struct bytes one;

	while (value.len > 0 && count < DMARC_URIS_MAX) {
		(void)bytes_cut(value, ',', &one, &value);
		out[count] = uri_of(arena, one);
		if (out[count] != NULL)
			count++;
	}
	return count;
}

static void tag_read(struct arena *arena, struct bytes name,
		     struct bytes value, struct dmarc_record *out)
{
	if (bytes_is_nocase(name, "p"))
		out->p = policy_of(value, &out->bad_policy);
	else if (bytes_is_nocase(name, "sp"))
		out->sp = policy_of(value, &out->bad_policy);
	else if (bytes_is_nocase(name, "np"))
		out->np = policy_of(value, &out->bad_policy);
	else if (bytes_is_nocase(name, "adkim"))
		out->strict_dkim = bytes_is_nocase(value, "s");
	else if (bytes_is_nocase(name, "aspf"))
		out->strict_spf = bytes_is_nocase(value, "s");
	else if (bytes_is_nocase(name, "t"))
		out->testing = bytes_is_nocase(value, "y");
	else if (bytes_is_nocase(name, "psd"))
		out->psd = bytes_is_nocase(value, "y") ? DMARC_PSD_YES :
			   bytes_is_nocase(value, "n") ? DMARC_PSD_NO :
							 DMARC_PSD_UNKNOWN;
	else if (bytes_is_nocase(name, "rua"))
		out->rua_count = uris_of(arena, value, out->rua);
	else if (bytes_is_nocase(name, "ruf"))
		out->ruf_count = uris_of(arena, value, out->ruf);
}

bool dmarc_record_parse(struct arena *arena, struct bytes text,
			struct dmarc_record *out)
{
	struct bytes rest = text, tag, name, value;
	unsigned tags = 0;

	memset(out, 0, sizeof(*out));
	if (text.len > RECORD_MAX)
		return false;
	while (rest.len > 0 && tags < TAGS_MAX) {
		(void)bytes_cut(rest, ';', &tag, &rest);
		if (!bytes_cut(tag, '=', &name, &value)) {
			if (tags == 0)
				return false;
			continue;
		}
		name = bytes_trim(name);
		value = bytes_trim(value);
		if (tags++ > 0)
			tag_read(arena, name, value, out);
		else if (!bytes_is_nocase(name, "v") ||
			 !bytes_is(value, "DMARC1"))
			return false;
	}
	out->text = arena_text(arena, text);
	return tags > 0;
}
