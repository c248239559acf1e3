/* suggest.c - Suggest: a folder's headers to the reader, lines back */
#include <unistd.h>

#include "agent/base/clock.h"
#include "agent/bus/service.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/incoming.h"

#define SUGGEST_MS	30000	/* five thousand headers take less */

static void suggest_done(struct front *front, struct errand *errand,
			 const struct value *report, struct frame *frame)
{
	(void)front;
	(void)frame;
	if (errand->call != NULL)
		service_answer(errand->call, report);
}

static const struct errand_kind suggest_kind = {
	"looked at these headers", suggest_done, NULL
};

void incoming_suggest(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct errand errand = {
		.kind = &suggest_kind, .role = CHILD_READER, .call = call,
		.deadline = clock_now_ms() + SUGGEST_MS, .message = -1
	};
	int headers = service_args_take(args, 0);

	(void)errand_start(ctx, &errand, FRAME_SUGGEST, NULL, &headers, 1);
	(void)close(headers);
}
