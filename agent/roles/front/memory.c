/* memory.c - the store: opened, written soon, kept small, described */
#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/log.h"
#include "agent/base/seen.h"
#include "agent/base/value.h"
#include "agent/roles/front/front.h"
#include "agent/store/judgement.h"
#include "agent/store/store.h"

#define FOLDER_ROOM	3500
#define WRITE_MS	200	/* so long writes gather */
#define EXPIRE_FIRST_MS	60000
#define EXPIRE_EVERY_MS	(24 * 3600 * 1000)
#define EXPIRE_NEXT_MS	20	/* when there is more */
#define SEEN_MOST	2000	/* ids at once */
#define SEEN_NEXT_MS	2
#define EXPIRE_MOST	200	/* judgements at once */

static void tell_news(struct front *front)
{
	const char *news;

	while ((news = store_news(front->store)) != NULL)
		log_line(LOG_LEVEL_WARNING, "store: %s", news);
}

static void write_due(struct front *front, void *ctx)
{
	(void)ctx;
	store_turn(front->store);
	tell_news(front);
}

static void expire_due(struct front *front, void *ctx)
{
	int64_t before = clock_wall() - front->config->keep_seconds;
	unsigned count;

	(void)ctx;
	front->store_expire.at = clock_now_ms() + EXPIRE_EVERY_MS;
	if (front->config->keep_seconds <= 0)
		return;			/* for ever */
	count = store_expire(front->store, before, EXPIRE_MOST);
	if (count > 0)
		memory_wrote(front);
	if (count >= EXPIRE_MOST)
		front->store_expire.at = clock_now_ms() + EXPIRE_NEXT_MS;
}

static void add_seen(void *ctx, const unsigned char *id)
{
	seen_add(ctx, id);
}

/* Little by little: nothing waits for it, everything is asked until then. */
static void seen_due(struct front *front, void *ctx)
{
	int count = judgement_ids(front->store, &front->seen_after, SEEN_MOST,
				  add_seen, front->seen);

	(void)ctx;
	if (count < 0)
		return;
	if (count == SEEN_MOST)
		front->store_seen.at = clock_now_ms() + SEEN_NEXT_MS;
	else
		seen_complete(front->seen);
}

void memory_greet(struct front *front)
{
	struct frame frame = { FRAME_SEEN, 0, { NULL, 0 }, { 0 }, 1 };

	if (front->seen == NULL)
		return;
	frame.fds[0] = seen_fd(front->seen);
	(void)child_tell(front, CHILD_READER, &frame);
}

void memory_open(struct front *front)
{
	char folder[FOLDER_ROOM];

	if (state_folder_path(folder, sizeof(folder)) < 0)
		return;
	front->store = store_open(folder);
	if (front->store == NULL) {
		log_line(LOG_LEVEL_ERROR, "store: out of memory; nothing is "
			 "remembered");
		return;
	}
	poison_load(front);
	front->store_write.due = write_due;
	front_timer(front, &front->store_write);
	front->store_expire.due = expire_due;
	front->store_expire.at = clock_now_ms() + EXPIRE_FIRST_MS;
	front_timer(front, &front->store_expire);
	front->seen = seen_new();
	front->store_seen.due = seen_due;
	front->store_seen.at = front->seen == NULL ? 0 : clock_now_ms();
	front_timer(front, &front->store_seen);
	/* Looked at soon, for what the look at every page finds. */
	memory_wrote(front);
	tell_news(front);
}

void memory_close(struct front *front)
{
	store_free(front->store);
	front->store = NULL;
	seen_free(front->seen);
	front->seen = NULL;
}

void memory_wrote(struct front *front)
{
	fresh_changed(front);
	if (front->store_write.at == 0)
		front->store_write.at = clock_now_ms() + WRITE_MS;
}

void memory_write_now(struct front *front)
{
	if (front->store != NULL)
		write_due(front, NULL);
}

void memory_describe(struct front *front, struct arena *arena,
		     struct value *into)
{
	struct value *dict = value_put_dict(arena, into, "Store");
	const char *field;

	if (front->store == NULL) {
		value_put_text(arena, dict, "problem", "nothing is remembered "
			       "for want of memory; start mailseald again");
		return;
	}
	value_put_number(arena, dict, "judgements",
			 judgement_count(front->store));
	value_put_number(arena, dict, "changes", (int64_t)front->changes);
	value_put_text(arena, dict, "problem", store_problem(front->store));
	field = store_field(front->store);
	if (field != NULL)
		value_put_text(arena, dict, "field",
			       arena_print(arena, "X-Mailseal-%s", field));
}
