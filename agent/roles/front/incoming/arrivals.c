/* arrivals.c - mail in watched folders is judged as it arrives
 *
 * The front opens files and hands them on; a few at a time, so that nobody
 * who asks over the bus waits behind a large folder. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/desk/folders.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/incoming/incoming.h"
#include "agent/roles/front/incoming/notices.h"

#define IN_HAND_MAX	8	/* messages of folders with the reader */
#define FIRST_SWEEP_S	(30 * 86400)	/* so far back, at the first start */
#define MARK_MS		60000	/* how often "seen until now" is noted */
#define SOON_MS		5	/* when there is more to do */
#define SETTLE_MS	100	/* until the address books are known */
#define AGAIN_MS	1000	/* when the reader took nothing */
#define MARK		"watched"	/* a file whose time is the note */
#define FOLDER_ROOM	3500

struct arrivals {
	struct folders *folders;
	struct timer next, mark;
	unsigned in_hand;
};

static bool mark_path(char *path, size_t size)
{
	char folder[FOLDER_ROOM];

	if (state_folder_path(folder, sizeof(folder)) < 0)
		return false;
	return snprintf(path, size, "%s/" MARK, folder) < (int)size;
}

/* Until when all mail was seen: the time of a file. */
static int64_t mark_read(void)
{
	char path[FOLDER_ROOM + 16];
	struct stat about;

	if (mark_path(path, sizeof(path)) && stat(path, &about) == 0)
		return about.st_mtim.tv_sec;
	return clock_wall() - FIRST_SWEEP_S;
}

static void mark_write(struct front *front, void *ctx)
{
	struct arrivals *arrivals = ctx;
	char path[FOLDER_ROOM + 16];
	int fd;

	(void)front;
	arrivals->mark.at = clock_now_ms() + MARK_MS;
	/* Not before a sweep is done: what it has not reached counts. */
	if (folders_busy(arrivals->folders) || arrivals->in_hand > 0 ||
	    !mark_path(path, sizeof(path)))
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
		  O_NONBLOCK, 0600);
	if (fd < 0)
		return;
	(void)futimens(fd, NULL);
	(void)close(fd);
}

static void one_done(struct front *front, struct errand *errand,
		     const struct value *report, struct frame *frame)
{
	struct arrivals *arrivals = front->arrivals;
	const enum folder_arrival *arrival = errand->ctx;

	(void)frame;
	if (*arrival == FOLDER_ARRIVED)
		notices_judged(front, report);
	arrivals->in_hand--;
	if (arrivals->next.at == 0)
		arrivals->next.at = clock_now_ms();
}

static void one_failed(struct front *front, struct errand *errand,
		       const char *name, const char *sentence)
{
	struct arrivals *arrivals = front->arrivals;

	(void)errand;
	(void)name;
	(void)sentence;
	arrivals->in_hand--;
	arrivals->next.at = clock_now_ms() + AGAIN_MS;
}

static const struct errand_kind arrival_kind = {
	"judged arriving mail", one_done, one_failed
};

static void one_start(struct front *front, const struct folder_file *file)
{
	static enum folder_arrival arrived = FOLDER_ARRIVED,
				   swept = FOLDER_SWEPT;
	struct arena *arena = arena_new(CALL_ARENA);
	struct value *question;

	if (arena == NULL) {
		(void)close(file->fd);
		return;
	}
	question = value_dict(arena);
	value_put_number(arena, question, "caller", 0);
	value_put_truth(arena, question, "arrival", true);
	front->arrivals->in_hand++;
	incoming_check(front, &arrival_kind, NULL,
		       file->arrival == FOLDER_ARRIVED ? &arrived : &swept,
		       file->fd, question);
	arena_free(arena);
}

static void arrivals_pump(struct front *front, void *ctx)
{
	struct arrivals *arrivals = ctx;
	struct folder_file file;

	/* Nobody is judged before the contacts are known. */
	if (!books_settled(front)) {
		arrivals->next.at = clock_now_ms() + SETTLE_MS;
		return;
	}
	while (arrivals->in_hand < IN_HAND_MAX &&
	       folders_next(arrivals->folders, &file) > 0)
		one_start(front, &file);
	if (folders_busy(arrivals->folders) &&
	    arrivals->in_hand < IN_HAND_MAX)
		arrivals->next.at = clock_now_ms() + SOON_MS;
}

static void folders_ready(struct front *front, void *ctx, short events)
{
	struct arrivals *arrivals = ctx;

	(void)events;
	folders_readable(arrivals->folders);
	arrivals_pump(front, arrivals);
}

static void folder_watch(struct arrivals *arrivals, const char *path,
			 int64_t since)
{
	int r = folders_add(arrivals->folders, path, since);

	if (r == ERR_REFUSED)
		log_line(LOG_LEVEL_WARNING, "watch: %s is neither a Maildir "
			 "(with cur and new) nor an MH folder", path);
	else if (r < 0)
		log_line(LOG_LEVEL_WARNING, "watch: %s cannot be watched: %s",
			 path, r == ERR_IO ? strerror(errno) :
			 err_sentence(r));
}

void arrivals_open(struct front *front)
{
	const struct config_list *list = &front->config->watch;
	struct arrivals *arrivals;
	int64_t since;
	size_t i;

	if (list->count == 0)
		return;
	arrivals = calloc(1, sizeof(*arrivals));
	if (arrivals != NULL)
		arrivals->folders = folders_new();
	if (arrivals == NULL || arrivals->folders == NULL ||
	    front_watch(front, folders_fd(arrivals->folders), POLLIN,
			folders_ready, arrivals) < 0) {
		log_line(LOG_LEVEL_ERROR, "mail folders cannot be watched: "
			 "%s", strerror(errno));
		if (arrivals != NULL)
			folders_free(arrivals->folders);
		free(arrivals);
		return;
	}
	since = mark_read();
	for (i = 0; i < list->count; i++)
		folder_watch(arrivals, list->items[i], since);
	arrivals->next.due = arrivals_pump;
	arrivals->mark.due = mark_write;
	arrivals->next.ctx = arrivals->mark.ctx = arrivals;
	arrivals->next.at = clock_now_ms() + SOON_MS;
	arrivals->mark.at = clock_now_ms() + AGAIN_MS;
	front_timer(front, &arrivals->next);
	front_timer(front, &arrivals->mark);
	front->arrivals = arrivals;
}

void arrivals_close(struct front *front)
{
	struct arrivals *arrivals = front->arrivals;

	if (arrivals == NULL)
		return;
	mark_write(front, arrivals);
	front_unwatch(front, folders_fd(arrivals->folders));
	front_timer_drop(front, &arrivals->next);
	front_timer_drop(front, &arrivals->mark);
	folders_free(arrivals->folders);
	free(arrivals);
	front->arrivals = NULL;
}

void arrivals_describe(struct front *front, struct arena *arena,
		       struct value *into)
{
	const struct config_list *list = &front->config->watch;
	struct value *dict = value_put_dict(arena, into, "Folders");
	struct value *watched;
	size_t i;

	value_put_truth(arena, dict, "busy", front->arrivals != NULL &&
			(folders_busy(front->arrivals->folders) ||
			 front->arrivals->in_hand > 0));
	if (list->count == 0)
		return;
	watched = value_put_list(arena, dict, "watched");
	for (i = 0; i < list->count; i++)
		value_put_text(arena, watched, NULL, list->items[i]);
}
