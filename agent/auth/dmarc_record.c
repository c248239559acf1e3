/* dmarc_record.c - tags; a broken one has its default, an unknown one none
 *
 * Gone with RFC 9989, and thus unknown: pct, rf, ri.  A tag that stands twice
 * is broken twice: which of them would count is nowhere written. */
#include "agent/auth/dmarc_record.h"

#include "agent/auth/dmarc_uri.h"
#include "agent/base/arena.h"

struct reading {
	struct arena *arena;
	struct dmarc_record *record;
};

static enum policy policy_read(struct bytes value, bool *bad)
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

static void read_p(struct reading *reading, struct bytes value)
{
	struct dmarc_record *record = reading->record;

	record->p = policy_read(value, &record->bad_policy);
}

static void read_sp(struct reading *reading, struct bytes value)
{
	struct dmarc_record *record = reading->record;

	record->sp = policy_read(value, &record->bad_policy);
}

static void read_np(struct reading *reading, struct bytes value)
{
	struct dmarc_record *record = reading->record;

	record->np = policy_read(value, &record->bad_np);
}

static void read_adkim(struct reading *reading, struct bytes value)
{
	reading->record->strict_dkim = bytes_is_nocase(value, "s");
}

static void read_aspf(struct reading *reading, struct bytes value)
{
	reading->record->strict_spf = bytes_is_nocase(value, "s");
}

static void read_t(struct reading *reading, struct bytes value)
{
	reading->record->testing = bytes_is_nocase(value, "y");
}

static void read_psd(struct reading *reading, struct bytes value)
{
	enum dmarc_psd psd = DMARC_PSD_UNKNOWN;

	if (bytes_is_nocase(value, "y"))
		psd = DMARC_PSD_YES;
	else if (bytes_is_nocase(value, "n"))
		psd = DMARC_PSD_NO;
	reading->record->psd = psd;
}

static void read_rua(struct reading *reading, struct bytes value)
{
	struct dmarc_record *record = reading->record;

	record->rua_count = dmarc_uris_parse(reading->arena, value,
					     record->rua);
}

static void read_ruf(struct reading *reading, struct bytes value)
{
	struct dmarc_record *record = reading->record;

	record->ruf_count = dmarc_uris_parse(reading->arena, value,
					     record->ruf);
}

static const struct {
	const char *name;
	void (*read)(struct reading *reading, struct bytes value);
} tags[] = {
	{ "p", read_p },	 { "sp", read_sp },	{ "np", read_np },
	{ "adkim", read_adkim }, { "aspf", read_aspf }, { "t", read_t },
	{ "psd", read_psd },	 { "rua", read_rua },	{ "ruf", read_ruf },
};
#define TAG_COUNT (sizeof(tags) / sizeof(tags[0]))

static void tag_read(struct reading *reading, struct bytes name,
		     struct bytes value, unsigned seen[TAG_COUNT])
{
	struct bytes nothing = { NULL, 0 };
	size_t i;

	for (i = 0; i < TAG_COUNT; i++)
		if (bytes_is_nocase(name, tags[i].name))
			tags[i].read(reading, seen[i]++ == 0 ? value :
							       nothing);
}

/* Cuts the next "name = value" off *rest; false: no equals sign in it. */
static bool tag_next(struct bytes *rest, struct bytes *name,
		     struct bytes *value)
{
	struct bytes tag;
	bool is_tag;

	(void)bytes_cut(*rest, ';', &tag, rest);
	is_tag = bytes_cut(tag, '=', name, value);
	*name = bytes_trim(*name);
	*value = bytes_trim(*value);
	return is_tag;
}

bool dmarc_record_parse(struct arena *arena, struct bytes text,
			struct dmarc_record *out)
{
	struct reading reading = { arena, out };
	struct bytes rest = text, name, value;
	unsigned seen[TAG_COUNT] = { 0 }, count;

	memset(out, 0, sizeof(*out));
	if (text.len > DMARC_RECORD_MAX || !bytes_starts_nocase(text, "v") ||
	    !tag_next(&rest, &name, &value) || !bytes_is_nocase(name, "v") ||
	    !bytes_is(value, "DMARC1"))
		return false;
	for (count = 1; rest.len > 0 && count < DMARC_TAGS_MAX; count++) {
		if (!tag_next(&rest, &name, &value))
			continue;
		if (count == 1)
			out->p_is_second = bytes_is_nocase(name, "p");
		tag_read(&reading, name, value, seen);
	}
	out->text = arena_text(arena, text);
	return true;
}

bool dmarc_record_is_unusable(const struct dmarc_record *record)
{
	return (record->bad_policy || record->bad_np ||
		record->p == POLICY_UNSET) &&
	       record->rua_count == 0;
}
