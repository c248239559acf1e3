/* seal.c - one request with a key, until it is answered */
#include "agent/roles/front/seal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/memfile.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define CALL_ARENA	(2 * 1024 * 1024)	/* reports of both kinds */

static const char *const place_options[] = { "tty", "term", "display" };

struct seal_call *seal_call_new(struct front *front,
				struct service_call *call,
				const struct service_args *args)
{
	struct arena *arena = arena_new(CALL_ARENA);
	struct seal_call *seal = NULL;
	size_t i;

	if (arena != NULL)
		seal = arena_alloc(arena, sizeof(*seal));
	if (seal == NULL) {
		arena_free(arena);
		service_fail(call, "Failed", "out of memory");
		return NULL;
	}
	seal->front = front;
	seal->call = call;
	seal->arena = arena;
	seal->content = -1;
	seal->left = 1;
	seal->payload = value_dict(arena);
	value_put_number(arena, seal->payload, "caller",
			 service_caller(call));
	for (i = 0; i < sizeof(place_options) / sizeof(place_options[0]); i++)
		value_put_text(arena, seal->payload, place_options[i],
			       value_text(args->options, place_options[i]));
	seal->next = front->seals;
	front->seals = seal;
	return seal;
}

void seal_call_free(struct seal_call *seal)
{
	struct seal_call **at = &seal->front->seals;
	size_t i;

	while (*at != NULL && *at != seal)
		at = &(*at)->next;
	if (*at == seal)
		*at = seal->next;
	for (i = 0; i < seal->fd_count; i++)
		if (seal->fds[i] >= 0)
			(void)close(seal->fds[i]);
	if (seal->content >= 0)
		(void)close(seal->content);
	arena_free(seal->arena);
}

void front_seal_call_gone(struct front *front,
			  const struct service_call *call)
{
	struct frame frame = { FRAME_CANCEL, 0, { NULL, 0 }, { 0 }, 0 };
	struct seal_call *seal;

	for (seal = front->seals; seal != NULL; seal = seal->next) {
		if (seal->call != call)
			continue;
		seal->call = NULL;
		frame.id = seal->asked;
		if (frame.id != 0 && child_is_up(front, seal->role))
			(void)child_tell(front, seal->role, &frame);
	}
}

static void fail(struct seal_call *seal, const char *name,
		 const char *sentence)
{
	if (seal->call != NULL)
		service_fail(seal->call, name, sentence);
	seal->call = NULL;
}

void seal_call_settle(struct seal_call *seal)
{
	if (--seal->left > 0)
		return;
	if (seal->call != NULL && seal->report != NULL)
		seal->finish(seal);
	seal_call_free(seal);
}

/* The role ended, or one behind it: the next one may be asked the same. */
static bool is_lost(const char *name)
{
	return strcmp(name, "RoleDied") == 0 || strcmp(name, "RoleDown") == 0;
}

static void permitted(struct front *front, void *ctx, const char *name,
		      const char *sentence)
{
	struct seal_call *seal = ctx;

	(void)front;
	if (seal->call != NULL &&
	    (name == NULL || (is_lost(name) &&
			      ++seal->losses <= SEAL_LOSSES))) {
		seal_call_start(seal);
		return;
	}
	fail(seal, name == NULL ? "Locked" : name, sentence);
	seal_call_settle(seal);
}

static void permit(struct seal_call *seal, const char *key)
{
	const struct keys_wish wish = {
		key, seal->usage, seal->purpose,
		value_text(seal->payload, "tty"),
		value_text(seal->payload, "term"),
		value_text(seal->payload, "display")
	};

	front_keys_permit(seal->front, &wish, seal->call, permitted, seal);
}

static void done(struct front *front, struct errand *errand,
		 const struct value *report, struct frame *frame)
{
	struct seal_call *seal = errand->ctx;
	const char *locked = value_text(report, "locked_key");
	struct value *copy;

	(void)front;
	seal->asked = 0;
	if (errand->call == NULL)
		seal->call = NULL;
	if (locked != NULL && seal->call != NULL && strlen(locked) < 65 &&
	    seal->tries < SEAL_TRIES) {
		permit(seal, arena_print(seal->arena, "%s", locked));
		return;
	}
	copy = value_copy(seal->arena, report);
	seal->learn = value_take(copy, "learn", VALUE_DICT);
	seal->report = copy;
	seal->content = frame == NULL ? -1 : frame_take(frame, 0);
	if (seal->report == NULL)
		fail(seal, "Failed", "The report is too long for an answer.");
	seal_call_settle(seal);
}

static void failed(struct front *front, struct errand *errand,
		   const char *name, const char *sentence)
{
	struct seal_call *seal = errand->ctx;

	(void)front;
	seal->asked = 0;
	if (errand->call == NULL)
		seal->call = NULL;
	if (seal->call != NULL && is_lost(name) &&
	    ++seal->losses <= SEAL_LOSSES) {
		seal_call_start(seal);
		return;
	}
	fail(seal, name, sentence);
	seal_call_settle(seal);
}

static const struct errand_kind open_kind = { "opened this message", done,
					      failed };
static const struct errand_kind protect_kind = { "protected this message",
						 done, failed };

static uint64_t size_of(int fd)
{
	struct stat about;

	return fstat(fd, &about) == 0 && about.st_size > 0 ?
	       (uint64_t)about.st_size : 0;
}

int seal_file_new(void)
{
	char folder[3500], path[3600];
	int fd;

	if (state_folder_path(folder, sizeof(folder)) < 0)
		return -1;
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	(void)snprintf(path, sizeof(path), "%s/spool.XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

/* What fits into memory needs no file.  Decoding makes nothing larger; coding
 * makes it three times as large (quoted-printable), and then a third more. */
static size_t files_add(struct seal_call *seal, uint64_t size, int *fds,
			size_t count)
{
	uint64_t small = seal->role == CHILD_READER ? SPOOL_MEMORY / 2 :
						      SPOOL_MEMORY / 5;
	size_t i;

	if (size < small)
		return count;
	for (i = 0; i < seal->files && count < SEAL_FDS_MAX; i++) {
		fds[count] = seal_file_new();
		if (fds[count] >= 0)
			count++;
	}
	return count;
}

void seal_call_start(struct seal_call *seal)
{
	struct errand errand = {
		.kind = seal->role == CHILD_READER ? &open_kind :
						     &protect_kind,
		.role = seal->role, .call = seal->call, .ctx = seal,
		.message = seal->fds[0], .lent = true
	};
	uint64_t size;
	int fds[SEAL_FDS_MAX];
	uint32_t id;
	size_t own = seal->fd_count, count = own;

	if (poison_count(seal->front, seal->fds[0]) >=
	    POISON_DEATHS) {
		fail(seal, "CouldNotRead", "A part of mailseal ended twice "
		     "while it had this message; it is not read again. Keep "
		     "it as a sample for the developers.");
		seal_call_settle(seal);
		return;
	}
	seal->tries++;
	memcpy(fds, seal->fds, sizeof(fds));
	size = size_of(seal->fds[0]);
	count = files_add(seal, size, fds, count);
	errand.deadline = clock_now_ms() + SEAL_MS +
			  (int64_t)(size / SEAL_RATE);
	id = errand_start(seal->front, &errand, seal->type, seal->payload,
			  fds, count);
	if (id != 0)			/* else `seal` may be gone by now */
		seal->asked = id;
	while (count > own)
		(void)close(fds[--count]);
}

void seal_call_reply(struct seal_call *seal, const struct value *report)
{
	struct value *holder = value_dict(seal->arena);
	struct value *list = value_put_list(seal->arena, holder, "values");
	struct value *dict = value_put_dict(seal->arena, list, NULL);

	if (seal->content < 0)
		seal->content = memfile_make("nothing", bytes_of(""));
	if (dict == NULL || seal->content < 0) {
		fail(seal, "Failed", "out of memory");
		return;
	}
	dict->first = report->first;
	dict->last = report->last;
	dict->count = report->count;
	service_reply(seal->call, list, &seal->content, 1);
	seal->call = NULL;
}

void seal_call_answer(struct seal_call *seal, const struct value *report)
{
	service_answer(seal->call, report);
	seal->call = NULL;
}
