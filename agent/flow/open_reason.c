/* open_reason.c - one reason of the report on a sealed message */
#include "agent/base/value.h"
#include "agent/flow/open_inside.h"

void open_reason(struct arena *arena, struct value *list, const char *code,
		 const char *text)
{
	struct value *to;

	if (text == NULL)
		return;
	to = value_put_dict(arena, list, NULL);
	value_put_text(arena, to, "code", code);
	value_put_text(arena, to, "text", text);
}
