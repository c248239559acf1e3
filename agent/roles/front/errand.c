/* errand.c - what is in hand with the roles, found by its number */
#include "agent/roles/front/errand_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/front.h"

#define SLOTS		1024	/* a power of two */
#define LOOK_EVERY_MS	1000	/* fine enough for what should not happen */
#define SEND_TRIES	2	/* processes of a role that one goes to */

struct errands {
	struct errand *slots[SLOTS];
	size_t count;
};

struct errand *errand_take(struct front *front, uint32_t id)
{
	struct errand **at, *found;

	if (front->errands == NULL)
		return NULL;
	at = &front->errands->slots[id & (SLOTS - 1)];
	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	found = *at;
	if (found != NULL) {
		*at = found->next;
		front->errands->count--;
	}
	return found;
}

const struct errand *errand_find(const struct front *front, uint32_t id)
{
	const struct errand *errand;

	if (front->errands == NULL)
		return NULL;
	errand = front->errands->slots[id & (SLOTS - 1)];
	while (errand != NULL && errand->id != id)
		errand = errand->next;
	return errand;
}

const struct errand *errand_in_hand(const struct front *front,
				    enum child_kind role, uint32_t id)
{
	const struct errand *errand = errand_find(front, id);

	return errand != NULL && errand->role == role ? errand : NULL;
}

static struct errand *errand_add(struct front *front,
				 const struct errand *like,
				 enum channel_type type)
{
	struct errand *errand, **slot;

	if (front->errands == NULL)
		front->errands = calloc(1, sizeof(*front->errands));
	errand = malloc(sizeof(*errand));
	if (front->errands == NULL || errand == NULL) {
		free(errand);
		return NULL;
	}
	*errand = *like;
	errand->type = type;
	errand->id = front->next_id++;
	if (front->next_id == 0)
		front->next_id = 1;
	errand->life = front->children[like->role].life;
	slot = &front->errands->slots[errand->id & (SLOTS - 1)];
	errand->next = *slot;
	*slot = errand;
	front->errands->count++;
	return errand;
}

/* It was taken out of its slot. */
void errand_fail(struct front *front, struct errand *errand,
		 const char *name, const char *sentence)
{
	if (errand->kind->failed != NULL)
		errand->kind->failed(front, errand, name, sentence);
	else if (errand->call != NULL)
		service_fail(errand->call, name, sentence);
	if (errand->message >= 0 && !errand->lent)
		(void)close(errand->message);
	free(errand);
}

void errand_refuse(struct front *front, const struct errand *like,
		   const char *name, const char *sentence)
{
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return;			/* the caller times out */
	*errand = *like;
	errand_fail(front, errand, name, sentence);
}

static int errand_send(struct front *front, const struct errand *errand,
		       enum channel_type type, const struct value *payload,
		       const int *fds, size_t fd_count)
{
	struct frame frame;
	struct buf wire;
	int r = 0;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)type;
	frame.id = errand->id;
	frame.fd_count = fd_count;
	if (fd_count > 0)
		memcpy(frame.fds, fds, sizeof(*fds) * fd_count);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	if (payload != NULL)
		r = value_encode(payload, &wire);
	frame.payload = buf_bytes(&wire);
	if (r == 0)
		r = child_tell(front, errand->role, &frame);
	buf_free(&wire);
	return r;
}

static void errand_refuse_down(struct front *front, const struct errand *like)
{
	char sentence[256];

	(void)snprintf(sentence, sizeof(sentence), "The %s ended several "
		       "times and stays down for half a minute; try again "
		       "then.", child_name(like->role));
	errand_refuse(front, like, "RoleDown", sentence);
}

static void errand_refuse_unsent(struct front *front,
				 const struct errand *like, int r)
{
	char sentence[256];

	(void)snprintf(sentence, sizeof(sentence), r == ERR_LIMIT ?
		       "The arguments are too long%s." :
		       "The %s does not answer; try again.",
		       r == ERR_LIMIT ? "" : child_name(like->role));
	errand_refuse(front, like, "Failed", sentence);
}

uint32_t errand_start(struct front *front, const struct errand *like,
		      enum channel_type type, const struct value *payload,
		      const int *fds, size_t fd_count)
{
	enum child_kind role = like->role;
	struct errand *errand;
	unsigned tries = 0;
	int r;

	do {
		if (child_need(front, role) < 0) {
			errand_refuse_down(front, like);
			return 0;
		}
		errand = errand_add(front, like, type);
		if (errand == NULL) {
			errand_refuse(front, like, "Failed", "out of memory");
			return 0;
		}
		r = errand_send(front, errand, type, payload, fds, fd_count);
		if (r == 0)
			return errand->id;
		free(errand_take(front, errand->id));
		if (r != ERR_LIMIT)
			child_lost(front, role);
		/* It had died unseen; a new one takes it once it is ready. */
	} while (r == ERR_GONE && ++tries < SEND_TRIES);
	errand_refuse_unsent(front, like, r);
	return 0;
}

static struct errand *errand_of(struct front *front,
				const struct service_call *call)
{
	struct errand *errand = NULL;
	size_t i;

	for (i = 0; front->errands != NULL && i < SLOTS && errand == NULL; i++)
		for (errand = front->errands->slots[i]; errand != NULL;
		     errand = errand->next)
			if (errand->call == call)
				break;
	return errand;
}

/* One of the call's is left alone; false: there is none. */
static bool errand_leave(struct front *front, const struct service_call *call)
{
	struct errand *errand = errand_of(front, call);
	struct frame frame;

	if (errand == NULL)
		return false;
	errand->call = NULL;
	if (errand->kind->failed != NULL)
		return true;		/* it goes on without a caller */
	memset(&frame, 0, sizeof(frame));
	frame.type = FRAME_CANCEL;
	frame.id = errand->id;
	(void)child_tell(front, errand->role, &frame);
	errand_fail(front, errand_take(front, frame.id), "Cancelled", "");
	return true;
}

void errand_call_gone(struct front *front, const struct service_call *call)
{
	/* A call may have several in hand. */
	while (errand_leave(front, call))
		;
}

/* What to take out: the members that are not -1 must fit. */
struct wanted {
	int role;
	unsigned life;		/* with `role`: this one and those before */
	int64_t now;		/* -1, or: what is late by then */
};

static bool is_wanted(const struct errand *errand, const struct wanted *wanted)
{
	if (wanted->role >= 0 && (errand->role != (enum child_kind)wanted->role
				  || errand->life > wanted->life))
		return false;
	return wanted->now < 0 ||
	       (errand->deadline != 0 && wanted->now >= errand->deadline);
}

/* Takes one out; NULL: there is no more. */
static struct errand *errand_next_of(struct front *front,
				     const struct wanted *wanted)
{
	struct errand *errand;
	size_t i;

	if (front->errands == NULL || front->errands->count == 0)
		return NULL;
	for (i = 0; i < SLOTS; i++)
		for (errand = front->errands->slots[i]; errand != NULL;
		     errand = errand->next)
			if (is_wanted(errand, wanted))
				return errand_take(front, errand->id);
	return NULL;
}

void errands_lost(struct front *front, enum child_kind role, unsigned life)
{
	const struct wanted wanted = { (int)role, life, -1 };
	char sentence[256];
	struct errand *errand;

	while ((errand = errand_next_of(front, &wanted)) != NULL) {
		if (errand->message >= 0)
			poison_note(front, errand->message,
				    life * CHILD_KINDS + role);
		(void)snprintf(sentence, sizeof(sentence), "The %s ended "
			       "while it %s; it runs again, try once more.",
			       child_name(role), errand->kind->doing);
		errand_fail(front, errand, "RoleDied", sentence);
	}
}

void errands_expire(struct front *front, int64_t now)
{
	const struct wanted wanted = { -1, 0, now };
	char sentence[256];
	struct errand *errand;

	while ((errand = errand_next_of(front, &wanted)) != NULL) {
		(void)snprintf(sentence, sizeof(sentence), "It took too long: "
			       "the %s still %s; this machine or a file's "
			       "disk is slow.  Try again.",
			       child_name(errand->role), errand->kind->doing);
		errand_fail(front, errand, "TimedOut", sentence);
	}
}

int64_t errands_next(const struct front *front)
{
	if (front->errands == NULL || front->errands->count == 0)
		return -1;
	return clock_now_ms() + LOOK_EVERY_MS;
}

void errands_free(struct front *front)
{
	const struct wanted any = { -1, 0, -1 };
	struct errand *errand;

	while ((errand = errand_next_of(front, &any)) != NULL)
		errand_fail(front, errand, "Stopping", "mailseald stops; try "
			    "again, it starts by itself.");
	free(front->errands);
	front->errands = NULL;
}
