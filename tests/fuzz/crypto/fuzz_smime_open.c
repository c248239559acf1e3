/* fuzz_smime_open.c - any octets as a signature, and as an object to open
 *
 * Seeds are signed by and encrypted to keys that are no more; the frame, the
 * certificates and the signers are read all the same. */
#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/stream.h"
#include "agent/crypto/scheme.h"
#include "agent/crypto/smime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t a_day(void)
{
	return 1764000000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct smime_world smime;
	const struct seal_world world = { NULL, NULL, a_day };
	struct seal_world with = world;
	struct seal_job job = { &with, arena_new(4 * 1024 * 1024), NULL,
				INT64_MAX, 0, NULL, NULL, NULL };
	struct bytes blob = { data, size };
	struct bytes_reader reader, text_reader;
	struct source source = source_of_bytes(&reader, blob);
	struct source text = source_of_bytes(&text_reader, bytes_of("text"));
	struct seal_facts facts;
	struct buf out;
	struct sink sink = sink_of_buf(&out);

	buf_init(&out, 1024 * 1024);
	memcpy(&with.smime, &(const struct smime_world *){ &smime },
	       sizeof(with.smime));
	(void)scheme_smime.open(&job, &source, &sink, &facts);
	(void)scheme_smime.verify(&job, &text, blob, &facts);
	buf_free(&out);
	arena_free(job.arena);
	return 0;
}
