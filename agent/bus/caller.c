/* caller.c - a short list of callers, each with its calls */
#include "agent/bus/caller.h"

#include <stdlib.h>
#include <string.h>

struct caller *caller_of(struct caller **list, const char *name,
			 uint32_t *next_number)
{
	struct caller *caller;

	for (caller = *list; caller != NULL; caller = caller->next)
		if (strcmp(caller->name, name) == 0)
			return caller;
	caller = calloc(1, sizeof(*caller));
	if (caller == NULL)
		return NULL;
	caller->name = strdup(name);
	if (caller->name == NULL) {
		free(caller);
		return NULL;
	}
	caller->number = (*next_number)++;
	caller->next = *list;
	*list = caller;
	return caller;
}

struct service_call *caller_add(struct caller *caller)
{
	struct service_call *call;

	if (caller->count >= CALLER_CALLS_MAX)
		return NULL;
	call = calloc(1, sizeof(*call));
	if (call == NULL)
		return NULL;
	call->caller = caller;
	call->next = caller->calls;
	if (call->next != NULL)
		call->next->prev = call;
	caller->calls = call;
	caller->count++;
	return call;
}

void caller_drop(struct service_call *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->caller->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	call->caller->count--;
	free(call);
}

void caller_remove(struct caller **list, struct caller *caller)
{
	while (*list != NULL && *list != caller)
		list = &(*list)->next;
	if (*list == NULL)
		return;
	*list = caller->next;
	free(caller->name);
	free(caller);
}
