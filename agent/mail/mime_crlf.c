/* mime_crlf.c - looking for bare LF, and copying, in one pass */
#include "agent/mail/mime_crlf.h"

#include "agent/mail/lanes.h"

/* From one place to another; each ends where the next step may begin. */
struct run {
	const unsigned char *from, *end;
	unsigned char *put, *put_end;
};

/* *from was looked at already, as the octet behind the one before. */
static inline void run_copy(struct run *run)
{
	const unsigned char *from = run->from;
	unsigned char *put = run->put;
	lanes here, bare;
	size_t step;

	while (run->end - from > LANES && run->put_end - put > LANES + 1) {
		here = lanes_at(from);
		memcpy(put, &here, sizeof(here));
		bare = (lanes)(here != '\r') &
		       (lanes)(lanes_at(from + 1) == '\n');
		if (!lanes_any(bare)) {
			from += LANES;
			put += LANES;
			continue;
		}
		step = lanes_first(bare) + 1;
		from += step;
		put += step;
		*put++ = '\r';
	}
	run->from = from;
	run->put = put;
}

size_t crlf_copy(struct bytes *from, bool *last_cr, unsigned char *to,
		 size_t room)
{
	struct run run = { from->data, from->data + from->len, to, to + room };
	unsigned char c;

	while (run.from < run.end && run.put_end - run.put >= 2) {
		c = *run.from++;
		if (c == '\n' && !*last_cr)
			*run.put++ = '\r';
		*run.put++ = c;
		if (run.from < run.end && (c == '\r' || *run.from != '\n'))
			run_copy(&run);
		/* Not run.from[-1]: it may have stopped within a line end. */
		*last_cr = run.put[-1] == '\r';
	}
	*from = bytes_slice(*from, (size_t)(run.from - from->data), from->len);
	return (size_t)(run.put - to);
}
