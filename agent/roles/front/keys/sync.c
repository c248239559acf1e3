/* sync.c - what the folder holds, and what the keeper was told */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"

#define FRAME_ARENA	16384

/* A key file as it was when the keeper was told of it. */
struct known_key {
	char name[KEYRING_NAME];
	struct timespec changed;
	ino_t inode;
	bool seen;			/* in this turn */
	char fault[64], sentence[512];	/* "": none */
	struct known_key *next;		/* front_keys::known */
};

static struct known_key *known_find(const struct front *front,
				    const char *name)
{
	struct known_key *known = front->keys->known;

	while (known != NULL && strcmp(known->name, name) != 0)
		known = known->next;
	return known;
}

static struct known_key *known_add(struct front *front, const char *name)
{
	struct known_key *known = calloc(1, sizeof(*known));

	if (known == NULL)
		return NULL;
	(void)snprintf(known->name, sizeof(known->name), "%.64s", name);
	known->next = front->keys->known;
	front->keys->known = known;
	return known;
}

void keys_forget(struct front *front)
{
	struct known_key *known;

	while ((known = front->keys->known) != NULL) {
		front->keys->known = known->next;
		free(known);
	}
}

const char *keys_fault(struct front *front, const char *key,
		       const char **sentence)
{
	const struct known_key *known = known_find(front, key);

	if (known == NULL || known->fault[0] == '\0')
		return NULL;
	*sentence = known->sentence;
	return known->fault;
}

static void loaded(struct front *front, struct errand *errand,
		   const struct value *report, struct frame *frame)
{
	(void)front;
	(void)report;
	(void)frame;
	free(errand->ctx);
}

static void not_loaded(struct front *front, struct errand *errand,
		       const char *name, const char *sentence)
{
	struct known_key *known = known_find(front, errand->ctx);

	if (known != NULL) {
		(void)snprintf(known->fault, sizeof(known->fault), "%s", name);
		(void)snprintf(known->sentence, sizeof(known->sentence), "%s",
			       sentence);
	}
	free(errand->ctx);
}

static const struct errand_kind load_kind = { "read a key file", loaded,
					      not_loaded };

static void key_say(struct front *front, const char *name,
		    enum channel_type type, const int *fds, size_t fd_count)
{
	struct errand errand = {
		.kind = &load_kind, .role = CHILD_KEEPER, .message = -1,
		.ctx = strdup(name)
	};
	struct arena *arena = arena_new(FRAME_ARENA);
	struct value *payload;

	if (arena == NULL || errand.ctx == NULL) {
		free(errand.ctx);
		arena_free(arena);
		return;
	}
	payload = value_dict(arena);
	value_put_text(arena, payload, "key", name);
	(void)errand_start(front, &errand, type, payload, fds, fd_count);
	arena_free(arena);
}

/* One file of the folder; tells the keeper when it is new or another. */
static void key_sync(struct front *front, const char *name)
{
	struct known_key *known = known_find(front, name);
	enum keyring_fault fault;
	struct stat about;
	int fd = keyring_key(&front->keys->ring, name, &fault);

	if (known != NULL)
		known->seen = true;
	if (fd >= 0 && known != NULL && fstat(fd, &about) == 0 &&
	    known->inode == about.st_ino &&
	    known->changed.tv_sec == about.st_ctim.tv_sec &&
	    known->changed.tv_nsec == about.st_ctim.tv_nsec)
		goto out;
	if (known == NULL)
		known = known_add(front, name);
	if (known == NULL)
		goto out;
	known->seen = true;
	known->fault[0] = '\0';
	if (fd < 0) {
		(void)snprintf(known->fault, sizeof(known->fault), "%s",
			       keyring_fault_name(fault));
		keyring_fault_sentence(&front->keys->ring, name, fault,
				       known->sentence,
				       sizeof(known->sentence));
		known->inode = 0;
		key_say(front, name, FRAME_KEY_REMOVE, NULL, 0);
		goto out;
	}
	if (fstat(fd, &about) == 0) {
		known->inode = about.st_ino;
		known->changed = about.st_ctim;
	}
	key_say(front, name, FRAME_KEY_LOAD, &fd, 1);
out:
	if (fd >= 0)
		(void)close(fd);
}

void keys_sync(struct front *front)
{
	char names[KEYRING_MAX][KEYRING_NAME];
	size_t count = keyring_names(&front->keys->ring, names), i;
	struct known_key *known, **at;

	for (known = front->keys->known; known != NULL; known = known->next)
		known->seen = false;
	for (i = 0; i < count; i++)
		key_sync(front, names[i]);
	for (at = &front->keys->known; *at != NULL;) {
		known = *at;
		if (known->seen) {
			at = &known->next;
			continue;
		}
		*at = known->next;
		key_say(front, known->name, FRAME_KEY_REMOVE, NULL, 0);
		free(known);
	}
}

void keys_note(struct front *front, const char *key)
{
	struct known_key *known = known_find(front, key);
	enum keyring_fault fault;
	struct stat about;
	int fd = keyring_key(&front->keys->ring, key, &fault);

	if (known == NULL)
		known = known_add(front, key);
	if (known != NULL && fd >= 0 && fstat(fd, &about) == 0) {
		known->inode = about.st_ino;
		known->changed = about.st_ctim;
		known->fault[0] = '\0';
	}
	if (fd >= 0)
		(void)close(fd);
}

void front_keys_greet_keeper(struct front *front)
{
	keys_forget(front);		/* a new one knows nothing */
	keys_sync(front);
	front_login_open(front);
}

void front_keys_send_own(struct front *front)
{
	static const enum child_kind whom[] = { CHILD_READER, CHILD_SENDER };
	struct frame frame;
	int fd = keyring_own(&front->keys->ring);
	size_t i;

	if (fd < 0) {
		log_line(LOG_LEVEL_WARNING, "the certificates of your keys "
			 "cannot be read");
		return;
	}
	memset(&frame, 0, sizeof(frame));
	frame.type = FRAME_KEY_OWN;
	frame.fd_count = 1;
	frame.fds[0] = fd;
	for (i = 0; i < 2; i++)
		if (child_is_up(front, whom[i]))
			(void)child_tell(front, whom[i], &frame);
	(void)close(fd);
}
