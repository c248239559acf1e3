/* canon_lf.c - looking for what is odd, and copying, in one pass */
#include "agent/mail/canon_lf.h"

#include <endian.h>

#define WIDTH	16

typedef unsigned char lanes __attribute__((vector_size(WIDTH)));

/* Which of WIDTH octets to stop at have all bits set; `from` is the first of
 * WIDTH + 1. */
static inline lanes stops(const unsigned char *from, lanes here,
			  enum canon form)
{
	lanes after, stop;

	memcpy(&after, from + 1, sizeof(after));
	stop = (lanes)(after == '\n') | (lanes)(here == '\r');
	if (form == CANON_RELAXED)
		stop |= (lanes)(here == '\t') |
			((lanes)(here == ' ') & (lanes)(after <= ' '));
	return stop;
}

/* The place of the first; WIDTH: none. */
static inline size_t first_of(lanes stop)
{
	uint64_t half[WIDTH / 8];

	memcpy(half, &stop, sizeof(half));
	if (half[0] != 0)
		return (size_t)__builtin_ctzll(le64toh(half[0])) / 8;
	if (half[1] != 0)
		return 8 + (size_t)__builtin_ctzll(le64toh(half[1])) / 8;
	return WIDTH;
}

static inline bool needs_a_look(unsigned char c, enum canon form)
{
	return c == '\r' || (form == CANON_RELAXED && byte_is_blank(c));
}

size_t canon_lf_copy(struct bytes text, size_t *at, enum canon form,
		     unsigned char *to, size_t room, bool *in_line)
{
	const unsigned char *from = text.data + *at;
	const unsigned char *end = text.data + text.len;
	unsigned char *put = to;
	lanes here;
	size_t stop;

	while (end - from > WIDTH && *from != '\n' &&
	       room - (size_t)(put - to) >= WIDTH + 2) {
		memcpy(&here, from, sizeof(here));
		memcpy(put, &here, sizeof(here));
		stop = first_of(stops(from, here, form));
		if (stop > 0)
			*in_line = true;
		if (stop == WIDTH) {	/* by a constant: nobody waits */
			from += WIDTH;
			put += WIDTH;
			continue;
		}
		from += stop;
		put += stop;
		if (needs_a_look(*from, form))
			break;
		put[1] = '\r';		/* put[0] stands there already */
		put[2] = '\n';
		put += 3;
		from += 2;
		*in_line = false;
	}
	*at = (size_t)(from - text.data);
	return (size_t)(put - to);
}

bool canon_lf_is(struct bytes text)
{
	const unsigned char *lf = text.len == 0 ? NULL :
				  memchr(text.data, '\n', text.len);

	return lf != NULL && (lf == text.data || lf[-1] != '\r');
}
