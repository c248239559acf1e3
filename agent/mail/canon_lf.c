/* canon_lf.c - looking for what is odd, and copying, in one pass */
#include "agent/mail/canon_lf.h"

#include "agent/mail/lanes.h"

/* Which of LANES octets to stop at, from `from` on, have all bits set. */
static inline lanes stops(const unsigned char *from, lanes here,
			  enum canon form)
{
	lanes after = lanes_at(from + 1);
	lanes stop = (lanes)(after == '\n');

	if (form == CANON_RELAXED)
		stop |= (lanes)(here == '\t') |
			((lanes)(here == ' ') & (lanes)(after <= ' '));
	return stop;
}

static inline bool needs_a_look(unsigned char c, enum canon form)
{
	return c == '\r' || (form == CANON_RELAXED && byte_is_blank(c));
}

/* From one place to another; each ends where the next step may begin. */
struct run {
	const unsigned char *from, *from_last;
	unsigned char *put, *put_last;
	bool in_line;
};

/* Compiled once for each form. */
static inline void run_copy(struct run *run, enum canon form)
{
	const unsigned char *from = run->from;
	unsigned char *put = run->put;
	lanes here, stop;
	size_t step;

	if (from < run->from_last && *from == '\n')
		return;
	while (from < run->from_last && put <= run->put_last) {
		here = lanes_at(from);
		memcpy(put, &here, sizeof(here));
		stop = stops(from, here, form);
		if (!lanes_any(stop)) {
			from += LANES;
			put += LANES;
			run->in_line = true;
			continue;
		}
		step = lanes_first(stop);
		from += step;
		put += step;
		if (needs_a_look(*from, form)) {
			run->in_line = run->in_line || step > 0;
			break;
		}
		put[1] = '\r';		/* put[0] stands there already */
		put[2] = '\n';
		put += 3;
		from += 2;
		run->in_line = false;
		if (from < run->from_last && *from == '\n')
			break;		/* an empty line comes */
	}
	run->from = from;
	run->put = put;
}

size_t canon_lf_copy(struct bytes text, size_t *at, enum canon form,
		     unsigned char *to, size_t room, bool *in_line)
{
	struct run run = { .put = to, .in_line = *in_line };

	if (text.len - *at < LANES || room < LANES + 2)
		return 0;
	run.from = text.data + *at;
	run.from_last = text.data + text.len - LANES;
	run.put_last = to + room - (LANES + 2);
	if (form == CANON_RELAXED)
		run_copy(&run, CANON_RELAXED);
	else
		run_copy(&run, CANON_SIMPLE);
	*at = (size_t)(run.from - text.data);
	*in_line = run.in_line;
	return (size_t)(run.put - to);
}

bool canon_lf_is(struct bytes text)
{
	const unsigned char *lf = text.len == 0 ? NULL :
				  memchr(text.data, '\n', text.len);

	return lf != NULL && (lf == text.data || lf[-1] != '\r');
}
