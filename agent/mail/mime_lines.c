/* mime_lines.c - many lines at once, in one pass */
#include "agent/mail/mime_lines.h"

#include "agent/mail/lanes.h"

#define FROM	"From "

/* The octet that ends the line which begins at `from`; NULL: it is not seen,
 * or the line, or the octets behind it, have what is worth a look. */
static const unsigned char *line_pass(const unsigned char *from,
				      const unsigned char *end, lanes mask)
{
	lanes here, after, ended, odd = { 0 };

	for (; end - from > LANES; from += LANES) {
		here = lanes_at(from);
		after = lanes_at(from + 1);
		odd |= (here & mask) | (lanes)(here == 0) |
		       ((lanes)(here == '\r') & (lanes)(after != '\n'));
		ended = (lanes)(here == '\n');
		if (lanes_any(ended))
			return lanes_any(odd) ? NULL :
						from + lanes_first(ended);
	}
	return NULL;
}

/* `ended` is its line feed, and LANES octets are behind `from`. */
static bool is_dull(const unsigned char *from, const unsigned char *ended,
		    size_t *len)
{
	*len = (size_t)(ended - from);
	if (*len > 0 && ended[-1] == '\r')
		(*len)--;
	if (*len == 0)
		return true;
	return !byte_is_blank(from[*len - 1]) &&
	       !(from[0] == '-' && from[1] == '-') &&
	       !(from[0] == 'F' && memcmp(from, FROM, strlen(FROM)) == 0);
}

size_t mime_lines_dull(struct bytes text, struct mime_lines *lines)
{
	const unsigned char *from = text.data, *end = text.data + text.len;
	const unsigned char *ended;
	lanes mask = { 0 };
	size_t len;

	if (!lines->eight_bit)
		mask |= 0x80;
	while ((ended = line_pass(from, end, mask)) != NULL &&
	       is_dull(from, ended, &len)) {
		if (len > lines->longest)
			lines->longest = len;
		from = ended + 1;
	}
	return (size_t)(from - text.data);
}

/* Where a line begins with "--", or the place up to which none does; not the
 * end of `text`. */
static size_t delimiter_find(struct bytes text)
{
	lanes here, after, maybe;
	size_t at = 0;

	while (at + LANES < text.len) {
		here = lanes_at(text.data + at);
		after = lanes_at(text.data + at + 1);
		maybe = (lanes)(here == '\n') & (lanes)(after == '-');
		if (!lanes_any(maybe)) {
			at += LANES;
			continue;
		}
		at += lanes_first(maybe) + 1;
		if (at + 1 >= text.len || text.data[at + 1] == '-')
			break;
	}
	return at;
}

size_t mime_lines_inside(struct bytes text)
{
	const unsigned char *last;

	if (text.len <= LANES || bytes_starts(text, "--"))
		return 0;
	last = memrchr(text.data, '\n', delimiter_find(text));
	return last == NULL ? 0 : (size_t)(last - text.data) + 1;
}

unsigned mime_lines_end(struct bytes text)
{
	return text.len > 1 && text.data[text.len - 2] == '\r' ? 2 : 1;
}
