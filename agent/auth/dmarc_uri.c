/* dmarc_uri.c - a list of URIs, each with a limit of size perhaps */
#include "agent/auth/dmarc_uri.h"

#include "agent/base/arena.h"
#include "agent/mail/domain.h"

#define URI_MAX 2000	/* characters of one that is kept */

/* RFC 3986 section 3: a scheme, a colon, something; printable ASCII. */
static bool uri_is_valid(struct bytes text)
{
	size_t colon = bytes_find(text, ':'), i;
	unsigned char c;

	if (text.len > URI_MAX || colon == 0 || colon + 1 >= text.len ||
	    !byte_is_alpha(text.data[0]))
		return false;
	for (i = 0; i < text.len; i++) {
		c = text.data[i];
		if (c <= ' ' || c >= 127)
			return false;
		if (i < colon && !byte_is_alpha(c) && !byte_is_digit(c) &&
		    c != '+' && c != '-' && c != '.')
			return false;
	}
	return !bytes_starts_nocase(text, "mailto:") || bytes_has(text, '@');
}

/* 1*DIGIT ["k" / "m" / "g" / "t"], powers of 1024; 0: it is none. */
static uint64_t limit_of(struct bytes text)
{
	static const char units[] = "kmgt";
	unsigned char last = text.len == 0 ? 0 :
			     byte_lower(text.data[text.len - 1]);
	const char *unit = last == 0 ? NULL : strchr(units, last);
	uint64_t limit;
	long long number;
	int shift = 0;

	if (unit != NULL) {
		text.len--;
		shift = 10 * (int)(unit - units + 1);
	}
	number = bytes_number(text);
	limit = number < 0 ? 0 : (uint64_t)number;
	return limit > UINT64_MAX >> shift ? UINT64_MAX : limit << shift;
}

static size_t any_of(struct bytes text, const char *set)
{
	size_t i = 0;

	while (i < text.len && strchr(set, text.data[i]) == NULL)
		i++;
	return i;
}

/* "mailto:d@example.org?subject=x" and "https://example.org:443/d"; NULL: no
 * host can be told. */
static const char *host_of(struct arena *arena, struct bytes uri)
{
	size_t colon = bytes_find(uri, ':');
	struct bytes rest = bytes_slice(uri, colon + 1, uri.len);
	struct bytes before, host;

	if (bytes_starts(rest, "//"))
		rest = bytes_slice(rest, 2, rest.len);
	else if (!bytes_starts_nocase(uri, "mailto:"))
		return NULL;
	host = bytes_slice(rest, 0, any_of(rest, "/?#"));
	while (bytes_cut(host, '@', &before, &rest))
		host = rest;
	return domain_normal(arena,
			     bytes_slice(host, 0, bytes_find(host, ':')));
}

size_t dmarc_uris_parse(struct arena *arena, struct bytes list,
			struct dmarc_report_uri *out)
{
	struct bytes one, uri, limit;
	size_t count = 0;

	while (list.len > 0 && count < DMARC_URIS_MAX) {
		(void)bytes_cut(list, ',', &one, &list);
		limit.len = 0;
		(void)bytes_cut(bytes_trim(one), '!', &uri, &limit);
		uri = bytes_trim(uri);
		if (!uri_is_valid(uri))
			continue;
		memset(&out[count], 0, sizeof(out[count]));
		out[count].uri = arena_text(arena, uri);
		out[count].host = host_of(arena, uri);
		out[count].limit = limit_of(bytes_trim(limit));
		if (out[count].uri != NULL)
			count++;
	}
	return count;
}
