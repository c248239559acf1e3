/* role_keys.c - holding the certificates that are in use */
#include "agent/roles/role_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/crypto/certificate.h"
#include "agent/keys/link.h"
#include "agent/keys/own.h"
#include "agent/keys/remote_key.h"
#include "agent/roles/role.h"

#define FACTS_ARENA	(2 * 1024 * 1024)

/* One set of certificates, and how many look at it. */
struct holding {
	struct own *own;
	struct arena *arena;		/* of `facts` */
	struct certificate *facts;	/* of each; NULL: none */
	unsigned users;
	struct holding *next;		/* role_keys::old */
};

struct role_keys {
	struct keys_link *link;
	pthread_mutex_t lock;
	struct holding *now;		/* counted once by itself */
	struct holding *old;		/* still looked at */
};

static void holding_free(struct holding *holding)
{
	if (holding == NULL)
		return;
	own_free(holding->own);
	arena_free(holding->arena);
	free(holding);
}

/* Once, not at each use. */
static struct certificate *facts_read(struct holding *holding)
{
	const struct own *own = holding->own;
	struct certificate *facts;
	size_t i;

	holding->arena = arena_new(FACTS_ARENA);
	if (holding->arena == NULL)
		return NULL;
	facts = arena_array(holding->arena, own->count + 1, sizeof(*facts));
	for (i = 0; facts != NULL && i < own->count; i++)
		if (certificate_read(holding->arena, own->certificates[i],
				     &facts[i]) < 0)
			return NULL;
	return facts;
}

static struct holding *holding_new(struct bytes text, struct keys_link *link)
{
	struct holding *holding = calloc(1, sizeof(*holding));

	if (holding == NULL)
		return NULL;
	holding->own = own_read(text);
	if (holding->own == NULL) {
		free(holding);
		return NULL;
	}
	own_bind(holding->own, link);
	holding->facts = facts_read(holding);
	return holding;
}

static void need(void *ctx)
{
	(void)ctx;
	role_want(FRAME_KEYS);
}

struct role_keys *role_keys_new(void)
{
	struct role_keys *keys = calloc(1, sizeof(*keys));

	if (keys == NULL)
		return NULL;
	(void)pthread_mutex_init(&keys->lock, NULL);
	keys->link = keys_link_new();
	keys->now = holding_new(bytes_of(""), keys->link);
	if (keys->link != NULL)
		keys_link_on_need(keys->link, need, NULL);
	if (keys->link != NULL && keys->now != NULL &&
	    remote_key_prepare() == 0)
		return keys;
	role_keys_free(keys);
	return NULL;
}

void role_keys_free(struct role_keys *keys)
{
	struct holding *gone;

	if (keys == NULL)
		return;
	while ((gone = keys->old) != NULL) {
		keys->old = gone->next;
		holding_free(gone);
	}
	holding_free(keys->now);
	keys_link_free(keys->link);
	(void)pthread_mutex_destroy(&keys->lock);
	free(keys);
}

struct keys_link *role_keys_link(struct role_keys *keys)
{
	return keys->link;
}

struct own *role_keys_hold(struct role_keys *keys)
{
	struct own *own;

	(void)pthread_mutex_lock(&keys->lock);
	keys->now->users++;
	own = keys->now->own;
	(void)pthread_mutex_unlock(&keys->lock);
	return own;
}

const struct certificate *role_keys_facts(struct role_keys *keys,
					  const struct own *own)
{
	const struct certificate *facts;
	const struct holding *holding;

	(void)pthread_mutex_lock(&keys->lock);
	holding = keys->now;
	if (holding->own != own)
		holding = keys->old;
	while (holding != NULL && holding->own != own)
		holding = holding->next;
	facts = holding == NULL ? NULL : holding->facts;
	(void)pthread_mutex_unlock(&keys->lock);
	return facts;
}

void role_keys_let_go(struct role_keys *keys, struct own *own)
{
	struct holding **at, *gone = NULL;

	(void)pthread_mutex_lock(&keys->lock);
	if (keys->now->own == own) {
		keys->now->users--;
	} else {
		for (at = &keys->old; *at != NULL; at = &(*at)->next)
			if ((*at)->own == own)
				break;
		if (*at != NULL && --(*at)->users == 0) {
			gone = *at;
			*at = gone->next;
		}
	}
	(void)pthread_mutex_unlock(&keys->lock);
	holding_free(gone);
}

int role_keys_channel(struct role_keys *keys, struct frame *frame)
{
	if (frame->fd_count != 1)
		return ERR_PROTOCOL;
	keys_link_attach(keys->link, frame_take(frame, 0));
	return 0;
}

int role_keys_refused(struct role_keys *keys, struct frame *frame)
{
	if (role_wanted(frame) == FRAME_KEYS)
		keys_link_attach(keys->link, -1);
	return 0;
}

int role_keys_own(struct role_keys *keys, struct frame *frame)
{
	struct holding *fresh, *before = NULL;
	struct memfile file;

	if (frame->fd_count != 1 ||
	    memfile_open(frame_take(frame, 0), OWN_TEXT_MAX, &file) < 0)
		return ERR_PROTOCOL;
	fresh = holding_new(file.bytes, keys->link);
	memfile_close(&file);
	if (fresh == NULL)
		return 0;		/* those before stay */
	(void)pthread_mutex_lock(&keys->lock);
	before = keys->now;
	keys->now = fresh;
	if (before->users > 0) {
		before->next = keys->old;
		keys->old = before;
		before = NULL;
	}
	(void)pthread_mutex_unlock(&keys->lock);
	holding_free(before);
	return 0;
}
