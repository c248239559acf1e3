/* protect_report.c - what a caller hears of a mail that was sealed, beside what
 * flow/protect.h tells */
#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/seal_plan.h"
#include "agent/roles/role_seal.h"
#include "agent/roles/sender/sender.h"

/* Whose key signed, as it stands in lists of keys. */
static void put_signer(const struct role_seal *seal, struct arena *arena,
		       const struct protect_order *order, struct value *report)
{
	const struct seal_key *signer = order->signer;
	const char *key;

	if (order->scheme == NULL || signer == NULL)
		return;
	key = signer->fingerprint;
	if (order->scheme == &scheme_smime && key != NULL)
		key = role_seal_key(seal, arena, key);
	value_put_text(arena, report, "signer_address", signer->address);
	value_put_text(arena, report, "signer_key", key);
}

void sender_protect_report(const struct role_seal *seal, struct arena *arena,
			   const struct seal_plan *plan, struct value *report)
{
	struct value *list = NULL;
	size_t i;

	put_signer(seal, arena, &plan->envelopes[0].order, report);
	if (plan->envelope_count > 1)
		list = value_put_list(arena, report, "left_over");
	for (i = 1; i < plan->envelope_count; i++)
		value_put_text(arena, list, NULL,
			       plan->envelopes[i].addresses[0]);
	if (plan->reasons->count == 0)
		return;
	list = value_put_list(arena, report, "reasons");
	if (list != NULL) {
		list->first = plan->reasons->first;
		list->last = plan->reasons->last;
		list->count = plan->reasons->count;
	}
}
