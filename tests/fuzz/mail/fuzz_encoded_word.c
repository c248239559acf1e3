/* fuzz_encoded_word.c - any phrase with encoded words in any charset
 *
 * No input makes more than its limit; ASCII without "=?" stays as it is. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/mail/charset.h"
#include "agent/mail/encoded_word.h"

#define ROOM	65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	bool plain = true;
	struct buf to;
	size_t i;

	charset_prepare();
	buf_init(&to, ROOM);
	for (i = 0; i + 1 < size; i++)
		plain = plain && !(data[i] == '=' && data[i + 1] == '?');
	if (encoded_words_decode(&to, text)) {
		if (to.full || to.len > ROOM)
			abort();
		if (plain && !bytes_equal(buf_bytes(&to), text))
			abort();
	}
	buf_free(&to);
	return 0;
}
