/* fuzz_canon.c - a body in one piece, in two, and by the slow reader below
 * must come out the same */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/mail/canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *ctx, struct bytes piece)
{
	buf_add(ctx, piece);
}

static void body(struct buf *to, enum canon form, struct bytes text,
		 size_t cut)
{
	struct canon_sink sink = { take, to };
	struct canon_body state;

	canon_body_start(&state, form, CANON_NO_LIMIT, &sink);
	canon_body_more(&state, bytes_slice(text, 0, cut));
	canon_body_more(&state, bytes_slice(text, cut, text.len));
	canon_body_end(&state);
	if (state.length != to->len)
		abort();
}

/* One line, as RFC 6376 section 3.4.3 and 3.4.4 say it. */
static void line_slowly(struct buf *to, enum canon form, struct bytes line)
{
	bool blank = false;
	size_t i;

	for (i = 0; i < line.len; i++) {
		if (form == CANON_RELAXED && byte_is_blank(line.data[i])) {
			blank = true;
			continue;
		}
		if (blank)
			buf_byte(to, ' ');
		blank = false;
		buf_byte(to, line.data[i]);
	}
}

static void body_slowly(struct buf *to, enum canon form, struct bytes text)
{
	size_t keep = 0, before;
	struct bytes line;
	bool ended;

	while (text.len > 0) {
		ended = bytes_cut(text, '\n', &line, &text);
		if (ended && line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		before = to->len;
		line_slowly(to, form, line);
		buf_text(to, "\r\n");
		if (to->len > before + 2)
			keep = to->len;
	}
	to->len = keep;
	if (keep == 0 && form == CANON_SIMPLE)
		buf_text(to, "\r\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct buf whole, parts;
	struct canon_sink sink = { take, &parts };
	size_t cut = size > 0 ? data[0] % size : 0;
	int form;

	buf_init(&whole, 4 * size + 16);
	buf_init(&parts, 4 * size + 16);
	for (form = CANON_SIMPLE; form <= CANON_RELAXED; form++) {
		buf_clear(&whole);
		buf_clear(&parts);
		body(&whole, (enum canon)form, text, size);
		body(&parts, (enum canon)form, text, cut);
		if (!bytes_equal(buf_bytes(&whole), buf_bytes(&parts)))
			abort();
		buf_clear(&parts);
		body_slowly(&parts, (enum canon)form, text);
		if (!bytes_equal(buf_bytes(&whole), buf_bytes(&parts)))
			abort();
		canon_field((enum canon)form, text, CANON_NO_CRLF, &sink);
	}
	buf_free(&whole);
	buf_free(&parts);
	return 0;
}
