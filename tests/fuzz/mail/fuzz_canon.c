/* fuzz_canon.c - a body in one piece and in two must come out the same */
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
		canon_field((enum canon)form, text, CANON_NO_CRLF, &sink);
	}
	buf_free(&whole);
	buf_free(&parts);
	return 0;
}
