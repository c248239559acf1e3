/* name_find.c - addresses and bare domains inside a display name
 *
 * Around each '@': what may be a local part to the left, a domain to the
 * right, blanks between allowed when the domain leaves no doubt.  What is
 * left over is cut into words, and a word that is a domain under a known
 * suffix is one. */
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/address.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"
#include "agent/mail/rune.h"

#define BLANKS_MAX	3	/* between a local part and its '@' */
#define SIGNS_MAX	64	/* '@' in one name that are looked at */
#define PLAIN_MAX	(4 * NAME_MAX_BYTES)

/* What looks like a full stop and is one to IDNA (RFC 3490 section 3.1) or
 * to the eye; NFKC makes one of U+FF0E and U+2024 already. */
static bool is_stop(int32_t rune)
{
	return rune == 0x3002 || rune == 0xFF61 || rune == 0x06D4 ||
	       rune == 0x0701 || rune == 0x0702 || rune == 0xA4F8;
}

/* U+2010 to U+2015, U+2212, U+FE63, U+FF0D pass for '-'. */
static bool is_dash(int32_t rune)
{
	return (rune >= 0x2010 && rune <= 0x2015) || rune == 0x2212 ||
	       rune == 0xFE63 || rune == 0xFF0D;
}

/* NFKC of a name that is no ASCII, into `to`; false: not UTF-8, too long. */
static bool compose(struct buf *to, const char *name)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&error);
	UChar *a = malloc(sizeof(*a) * PLAIN_MAX);
	UChar *b = malloc(sizeof(*b) * PLAIN_MAX);
	char *utf8 = malloc(3 * PLAIN_MAX + 1);
	int32_t len;

	if (a == NULL || b == NULL || utf8 == NULL)
		error = U_MEMORY_ALLOCATION_ERROR;
	(void)u_strFromUTF8(a, PLAIN_MAX, &len, name, -1, &error);
	len = unorm2_normalize(nfkc, a, len, b, PLAIN_MAX, &error);
	(void)u_strToUTF8(utf8, 3 * PLAIN_MAX + 1, NULL, b, len, &error);
	if (U_SUCCESS(error))
		buf_text(to, utf8);
	free(a);
	free(b);
	free(utf8);
	return U_SUCCESS(error) && !to->full;
}

/* Invisible characters out, look-alike signs as what they look like. */
static void put_plain(struct buf *to, struct bytes rest)
{
	struct bytes as_is;
	int32_t rune;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_invisible(rune))
			continue;
		if (rune_is_at(rune))
			buf_byte(to, '@');
		else if (is_stop(rune))
			buf_byte(to, '.');
		else if (is_dash(rune))
			buf_byte(to, '-');
		else if (rune_is_blank(rune) || rune_is_nothing(rune))
			buf_byte(to, ' ');
		else
			buf_add(to, as_is);
	}
}

/* The name to look at, in memory that may be changed; NULL: none left. */
static unsigned char *plain_of(struct arena *arena, const char *name,
			       size_t *len)
{
	struct bytes text = bytes_of(name);
	struct buf composed, plain;
	unsigned char *out;
	size_t i;

	buf_init(&composed, 3 * PLAIN_MAX);
	buf_init(&plain, 3 * PLAIN_MAX);
	for (i = 0; i < text.len && text.data[i] < 0x80; i++)
		;
	if (i < text.len) {
		if (compose(&composed, name))
			text = buf_bytes(&composed);
		put_plain(&plain, text);
		text = buf_bytes(&plain);
	}
	*len = text.len;
	out = arena_alloc(arena, text.len + 1);
	if (out != NULL && text.len > 0)
		memcpy(out, text.data, text.len);
	buf_free(&composed);
	buf_free(&plain);
	return out;
}

static void add(struct arena *arena, struct name_found *out, const char *text)
{
	size_t i;

	if (text == NULL || out->count == NAME_FOUND_MAX)
		return;
	for (i = 0; i < out->count; i++)
		if (address_same(out->text[i], text))
			return;
	out->text[out->count++] = arena_text(arena, bytes_of(text));
	if (out->text[out->count - 1] == NULL)
		out->count--;
}

/* LDH, dots, and what U-labels are made of. */
static bool in_domain(int32_t rune)
{
	return rune == '.' || rune == '-' || rune_is_word(rune);
}

/* The front of `rest` that may be a domain.  A script that needs no blanks
 * ends it where a Latin letter or digit meets it inside a label. */
static struct bytes domain_run(struct bytes rest)
{
	struct bytes whole = rest, as_is;
	int32_t before = '.', rune;
	size_t len = 0;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (!in_domain(rune) || (rune == '.' && before == '.'))
			break;
		if (before != '.' && rune != '.' &&
		    rune_is_unspaced(before) != rune_is_unspaced(rune))
			break;
		before = rune;
		len += as_is.len;
	}
	return bytes_slice(whole, 0, len);
}

/* Dots and dashes of the sentence around it. */
static struct bytes strip(struct bytes word)
{
	while (word.len > 0 && (word.data[0] == '.' || word.data[0] == '-'))
		word = bytes_slice(word, 1, word.len);
	while (word.len > 0 && (word.data[word.len - 1] == '.' ||
				word.data[word.len - 1] == '-'))
		word.len--;
	return word;
}

/* Two labels or more; NULL: no domain. */
static const char *domain_of(struct arena *arena, struct bytes run)
{
	struct bytes word = strip(run);
	const char *domain;

	if (!bytes_has(word, '.'))
		return NULL;
	domain = domain_normal(arena, word);
	return domain != NULL && domain_labels(domain) >= 2 ? domain : NULL;
}

/* Behind the last character that is of the sentence around it, not of the
 * local part: a quotation mark, a script that needs no blanks. */
static size_t sentence_out(struct bytes local)
{
	struct bytes rest = local, as_is;
	int32_t before = ' ', rune;
	size_t at = 0, begin = 0;

	while (rest.len > 0) {
		rune = rune_take(&rest, &as_is);
		if (rune_is_unspaced(before) && !rune_is_unspaced(rune))
			begin = at;
		at += as_is.len;
		if (rune >= 0x80 && !rune_is_word(rune))
			begin = at;
		before = rune;
	}
	while (begin < local.len &&
	       strchr("'`.*#!?/=_~-", local.data[begin]) != NULL)
		begin++;
	return begin;
}

/* Where the local part that ends at `end` begins; `end`: there is none. */
static size_t local_begin(struct bytes text, size_t end)
{
	size_t at = end;
	unsigned char c;

	if (end > 0 && text.data[end - 1] == '"') {
		for (at = end - 1; at > 0 && text.data[at - 1] != '"';)
			at--;
		return at > 0 ? at - 1 : end;
	}
	while (at > 0 && end - at < ADDRESS_MAX) {
		c = text.data[at - 1];
		if (c <= 32 || c == 127 ||
		    strchr("<>()[]{},;:\"\\|@", c) != NULL)
			break;
		at--;
	}
	return at + sentence_out(bytes_slice(text, at, end));
}

/* The address around the '@' at `at`.  It is taken out of the text. */
static void look_around(struct arena *arena, unsigned char *name,
			struct bytes text, size_t at, struct name_found *out)
{
	size_t left = at, right = at + 1, begin;
	const char *domain;
	struct bytes run;

	while (left > 0 && at - left < BLANKS_MAX && text.data[left - 1] == ' ')
		left--;
	while (right < text.len && right - at <= BLANKS_MAX &&
	       text.data[right] == ' ')
		right++;
	begin = local_begin(text, left);
	run = domain_run(bytes_slice(text, right, text.len));
	domain = domain_of(arena, run);
	if (begin == left || domain == NULL ||
	    ((left < at || right > at + 1) && !domain_has_known_suffix(domain)))
		return;
	add(arena, out, arena_print(arena, "%.*s@%s", (int)(left - begin),
				    (const char *)text.data + begin, domain));
	memset(name + begin, ' ', right + run.len - begin);
}

/* What everybody reads as a degree, before anything else: domains of these
 * names deceive nobody. */
static bool is_degree(const char *domain)
{
	static const char *const degrees[] = {
		"b.sc", "m.sc", "b.com", "m.com", "dr.med", "dipl.ing",
		"d.sc", "m.med", "b.ac", "m.ac",
	};
	size_t i;

	for (i = 0; i < sizeof(degrees) / sizeof(degrees[0]); i++)
		if (strcmp(domain, degrees[i]) == 0)
			return true;
	return false;
}

/* "example.org", and "example.org-team"; NULL: none. */
static const char *bare_of(struct arena *arena, struct bytes run)
{
	const char *domain = domain_of(arena, run), *last;

	if (domain == NULL || domain_has_known_suffix(domain))
		return domain;
	last = strchr(strrchr(domain, '.'), '-');
	if (last == NULL)
		return NULL;
	domain = arena_text(arena, bytes_slice(bytes_of(domain), 0,
					       (size_t)(last - domain)));
	return domain != NULL && domain_has_known_suffix(domain) ? domain :
								   NULL;
}

/* Bare domains in what no address took. */
static void look_bare(struct arena *arena, struct bytes rest,
		      struct name_found *out)
{
	struct bytes run, as_is;
	const char *domain;

	while (rest.len > 0 && out->count < NAME_FOUND_MAX) {
		run = domain_run(rest);
		if (run.len == 0) {
			(void)rune_take(&rest, &as_is);
			continue;
		}
		rest = bytes_slice(rest, run.len, rest.len);
		domain = bare_of(arena, run);
		if (domain != NULL && !is_degree(domain))
			add(arena, out, domain);
	}
}

void name_find_addresses(struct arena *arena, const char *name,
			 struct name_found *out)
{
	struct bytes text = { NULL, 0 };
	size_t signs = 0, at;
	unsigned char *plain;

	out->count = 0;
	plain = plain_of(arena, name, &text.len);
	text.data = plain;
	if (plain == NULL || !bytes_has(text, '.'))
		return;
	/* Addresses first: there is room for few. */
	for (at = 0; at < text.len && signs < SIGNS_MAX; at++) {
		if (text.data[at] != '@')
			continue;
		signs++;
		look_around(arena, plain, text, at, out);
	}
	look_bare(arena, text, out);
}
