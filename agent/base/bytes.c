/* bytes.c - slices: comparing and cutting */
#include "agent/base/bytes.h"

#define NUMBER_DIGITS_MAX 18	/* fits a long long with room to spare */

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (byte_lower(a.data[i]) != byte_lower(b.data[i]))
			return false;
	return true;
}

bool bytes_is(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_of(text));
}

bool bytes_is_nocase(struct bytes a, const char *text)
{
	return bytes_equal_nocase(a, bytes_of(text));
}

bool bytes_starts(struct bytes whole, const char *with)
{
	struct bytes start = bytes_of(with);

	return bytes_equal(bytes_slice(whole, 0, start.len), start);
}

bool bytes_starts_nocase(struct bytes whole, const char *with)
{
	struct bytes start = bytes_of(with);

	return bytes_equal_nocase(bytes_slice(whole, 0, start.len), start);
}

size_t bytes_find(struct bytes whole, unsigned char c)
{
	const unsigned char *at = NULL;

	if (whole.len > 0)
		at = memchr(whole.data, c, whole.len);
	return at == NULL ? whole.len : (size_t)(at - whole.data);
}

bool bytes_has(struct bytes whole, unsigned char c)
{
	return bytes_find(whole, c) < whole.len;
}

bool bytes_cut(struct bytes whole, unsigned char at, struct bytes *before,
	       struct bytes *after)
{
	size_t found = bytes_find(whole, at);

	*before = bytes_slice(whole, 0, found);
	*after = bytes_slice(whole, found + 1, whole.len);
	return found < whole.len;
}

struct bytes bytes_trim(struct bytes whole)
{
	while (whole.len > 0 && byte_is_space(whole.data[0])) {
		whole.data++;
		whole.len--;
	}
	while (whole.len > 0 && byte_is_space(whole.data[whole.len - 1]))
		whole.len--;
	return whole;
}

long long bytes_number(struct bytes text)
{
	long long number = 0;
	size_t i;

	if (text.len == 0 || text.len > NUMBER_DIGITS_MAX)
		return -1;
	for (i = 0; i < text.len; i++) {
		if (!byte_is_digit(text.data[i]))
			return -1;
		number = number * 10 + (text.data[i] - '0');
	}
	return number;
}
