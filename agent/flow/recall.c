/* recall.c - kept facts, judged with today's contacts */
#include "agent/flow/recall.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/flow/check.h"
#include "agent/flow/facts_text.h"
#include "agent/flow/known.h"
#include "agent/flow/report.h"

/* An address in the name may be somebody else's only today: what its domain
 * says was not asked then, and stays unknown. */
static void find_dmarc(struct foreign *foreign, const struct foreign *then,
		       size_t count)
{
	size_t i;

	foreign->dmarc = NULL;
	for (i = 0; i < count; i++)
		if (strcmp(then[i].domain, foreign->domain) == 0)
			foreign->dmarc = then[i].dmarc;
}

int recall_report(struct arena *arena, struct bytes facts_text,
		  const char *id, int64_t judged, const struct world *world,
		  enum report_detail detail, struct value **report)
{
	struct judgement *judgement = arena_alloc(arena, sizeof(*judgement));
	struct foreign then[FOREIGN_MAX];
	struct facts *facts;
	size_t count, i;
	int r = facts_parse(arena, facts_text, &facts);

	*report = NULL;
	if (r < 0 || judgement == NULL)
		return r < 0 ? r : ERR_LIMIT;
	count = facts->foreign_count;
	memcpy(then, facts->foreign, sizeof(then));
	known_find(arena, world->contacts, facts);
	known_foreign(arena, world->contacts, facts);
	for (i = 0; i < facts->foreign_count; i++)
		find_dmarc(&facts->foreign[i], then, count);
	verdict_judge(arena, facts, &world->policy, judgement);
	*report = report_make_as(arena, facts, judgement, id, detail);
	if (*report != NULL && !report_fits(*report))
		*report = report_make(arena, facts, judgement, id);
	if (*report == NULL)
		return ERR_LIMIT;
	value_put_number(arena, *report, "judged", judged);
	return 0;
}
