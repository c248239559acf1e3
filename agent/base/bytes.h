/* bytes.h - a slice of somebody else's memory
 *
 * A slice owns nothing: it is good as long as what it points into.  Case is
 * compared as ASCII, because mail and DNS compare names that way
 * (RFC 5322 section 1.2.2, RFC 4343).
 * Does not do: allocate, convert charsets. */
#ifndef MAILSEAL_BASE_BYTES_H
#define MAILSEAL_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct bytes {
	const unsigned char *data;	/* NULL only when len is 0 */
	size_t len;
};

/* The characters of `text` without its NUL; NULL gives an empty slice. */
static inline struct bytes bytes_of(const char *text)
{
	struct bytes out = { (const unsigned char *)text, 0 };

	if (text != NULL)
		out.len = strlen(text);
	return out;
}

/* From `from` up to but without `to`; both are cut to what there is. */
static inline struct bytes bytes_slice(struct bytes whole, size_t from,
				       size_t to)
{
	struct bytes out = { NULL, 0 };

	if (to > whole.len)
		to = whole.len;
	if (from >= to)
		return out;
	out.data = whole.data + from;
	out.len = to - from;
	return out;
}

bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_nocase(struct bytes a, struct bytes b);
bool bytes_is(struct bytes a, const char *text);
bool bytes_is_nocase(struct bytes a, const char *text);
bool bytes_starts(struct bytes whole, const char *with);
bool bytes_starts_nocase(struct bytes whole, const char *with);

/* Where `c` first stands in `whole`; whole.len when it does not. */
size_t bytes_find(struct bytes whole, unsigned char c);
bool bytes_has(struct bytes whole, unsigned char c);

/* Cuts at the first `at`.  Without one: false, *before is the whole and
 * *after is empty.  Either may be &whole's own variable. */
bool bytes_cut(struct bytes whole, unsigned char at, struct bytes *before,
	       struct bytes *after);

/* Without SP, HTAB, CR and LF at both ends. */
struct bytes bytes_trim(struct bytes whole);

/* A decimal number of 1 to 18 digits and nothing else; -1 if it is not. */
long long bytes_number(struct bytes text);

/* ASCII only, whatever the locale. */
static inline unsigned char byte_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static inline bool byte_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline bool byte_is_alpha(unsigned char c)
{
	c = byte_lower(c);
	return c >= 'a' && c <= 'z';
}

/* SP and HTAB: RFC 5234's WSP. */
static inline bool byte_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* WSP, CR and LF: what folding may leave between tokens. */
static inline bool byte_is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

#endif
