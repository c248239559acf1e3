/* entity_sign.c - a signature over an entity that its client keeps */
#include "agent/flow/entity_sign.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/range.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/mail/mime_code.h"

static struct value *describe(struct arena *arena,
			      const struct protect_order *order,
			      const struct seal_signed *made,
			      struct spool *out)
{
	struct value *report = value_dict(arena);

	value_put_text(arena, report, "scheme", order->scheme->word);
	value_put_truth(arena, report, "signed", true);
	value_put_truth(arena, report, "encrypted", false);
	value_put_text(arena, report, "signer", made->fingerprint);
	value_put_text(arena, report, "algorithm",
		       arena_print(arena, "%s%s",
				   order->scheme->micalg_prefix,
				   made->digest));
	value_put_number(arena, report, "size", (int64_t)spool_size(out));
	return report;
}

int entity_sign(struct seal_job *job, const struct memfile *entity,
		const struct protect_order *order, struct spool *out,
		struct value **report)
{
	struct range range = { entity, NULL, 0, entity->size };
	struct sink to = sink_of_spool(out);
	struct range_reader reader;
	struct source raw = source_of_range(&reader, &range), text;
	struct mime_reader *canonical = mime_reader_new(&raw, MIME_TO_CRLF);
	struct seal_signed made;
	int r = ERR_MEMORY;

	memset(&made, 0, sizeof(made));
	*report = NULL;
	if (canonical != NULL) {
		text = mime_reader_source(canonical);
		r = order->scheme->sign(job, order->signer, &text, &to,
					&made);
	}
	mime_reader_free(canonical);
	if (r < 0)
		return r;
	*report = describe(job->arena, order, &made, out);
	return *report == NULL ? ERR_LIMIT : 0;
}
