/* name_find.c - addresses and bare domains inside a display name */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"

#define FULLWIDTH_AT	"\xEF\xBC\xA0"	/* U+FF20 */
#define SMALL_AT	"\xEF\xB9\xAB"	/* U+FE6B */

static bool ends_word(unsigned char c)
{
	return byte_is_space(c) || strchr("<>()[]{},;:\"'|", c) != NULL;
}

/* Invisible characters out, look-alike signs as what they look like. */
static const char *plain_of(struct arena *arena, const char *name)
{
	static const char *const invisible[] = {
		"\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",	/* U+200B-D */
		"\xE2\x81\xA0", "\xEF\xBB\xBF", "\xC2\xAD",
	};
	static const struct { const char *from, *to; } alike[] = {
		{ FULLWIDTH_AT, "@" }, { SMALL_AT, "@" },
		{ "\xEF\xBC\x8E", "." }, { "\xE3\x80\x82", "." },
		{ "\xE2\x80\xA4", "." }, { "\xC2\xA0", " " },
	};
	struct bytes rest = bytes_of(name);
	const char *out;
	struct buf to;
	size_t i, step;

	buf_init(&to, NAME_MAX_BYTES);
	while (rest.len > 0) {
		step = 0;
		for (i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
			if (bytes_starts(rest, invisible[i]))
				step = strlen(invisible[i]);
		for (i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
			if (bytes_starts(rest, alike[i].from)) {
				step = strlen(alike[i].from);
				buf_text(&to, alike[i].to);
			}
		if (step == 0) {
			step = 1;
			buf_byte(&to, rest.data[0]);
		}
		rest = bytes_slice(rest, step, rest.len);
	}
	out = arena_text(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}

static void add(struct arena *arena, struct name_found *out,
		struct bytes local, const char *domain)
{
	const char *text = domain;
	size_t i;

	if (local.len > 0)
		text = arena_print(arena, "%.*s@%s", (int)local.len,
				   (const char *)local.data, domain);
	if (text == NULL || out->count == NAME_FOUND_MAX)
		return;
	for (i = 0; i < out->count; i++)
		if (strcmp(out->text[i], text) == 0)
			return;
	out->text[out->count++] = text;
}

/* Dots, dashes and exclamation marks of the sentence around it. */
static struct bytes strip(struct bytes word)
{
	while (word.len > 0 && strchr(".-!?*_/#", word.data[0]) != NULL)
		word = bytes_slice(word, 1, word.len);
	while (word.len > 0 &&
	       strchr(".-!?*_/#", word.data[word.len - 1]) != NULL)
		word.len--;
	return word;
}

static void look_at(struct arena *arena, struct bytes word,
		    struct name_found *out)
{
	struct bytes local, domain, none = { NULL, 0 };
	const char *normal;

	word = strip(word);
	while (bytes_cut(word, '@', &local, &domain)) {
		normal = domain_normal(arena, strip(bytes_slice(domain, 0,
				bytes_find(domain, '@'))));
		if (normal != NULL && local.len > 0)
			add(arena, out, local, normal);
		word = domain;
		if (normal != NULL)
			return;
	}
	if (!bytes_has(word, '.'))
		return;
	normal = domain_normal(arena, word);
	if (normal != NULL && domain_labels(normal) >= 2 &&
	    domain_has_known_suffix(normal))
		add(arena, out, none, normal);
}

/* "alice @ example.org" reads as an address too. */
static size_t word_end(struct bytes rest)
{
	size_t end = 0, next;

	while (end < rest.len && !ends_word(rest.data[end]))
		end++;
	for (next = end; next < rest.len && rest.data[next] == ' '; next++)
		;
	if (next < rest.len && rest.data[next] == '@' && next > end) {
		for (next++; next < rest.len && rest.data[next] == ' '; next++)
			;
		while (next < rest.len && !ends_word(rest.data[next]))
			next++;
		return next;
	}
	if (end > 0 && rest.data[end - 1] == '@') {
		while (next < rest.len && !ends_word(rest.data[next]))
			next++;
		return next;
	}
	return end;
}

static struct bytes without_blanks(struct arena *arena, struct bytes word)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to;
	size_t i;

	if (!bytes_has(word, ' '))
		return word;
	to = arena_alloc(arena, word.len);
	for (i = 0; to != NULL && i < word.len; i++)
		if (word.data[i] != ' ')
			to[out.len++] = word.data[i];
	out.data = to;
	return out;
}

void name_find_addresses(struct arena *arena, const char *name,
			 struct name_found *out)
{
	const char *plain = plain_of(arena, name);
	struct bytes rest = bytes_of(plain);
	size_t end;

	out->count = 0;
	while (rest.len > 0) {
		if (ends_word(rest.data[0])) {
			rest = bytes_slice(rest, 1, rest.len);
			continue;
		}
		end = word_end(rest);
		look_at(arena, without_blanks(arena, bytes_slice(rest, 0, end)),
			out);
		rest = bytes_slice(rest, end, rest.len);
	}
}
