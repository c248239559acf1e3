/* client.c - questions under way, by id */
#include "agent/dns/client.h"

#include <stdlib.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/dns/cache.h"
#include "agent/dns/resolver.h"
#include "agent/dns/wire.h"

#define SLOTS		4096		/* a power of two */
#define BATCH_MAX	(CHANNEL_PAYLOAD_MAX - 512)
#define FRAMES_A_TURN	256

/* A question under way. */
struct asked {
	struct asked *next;		/* of its slot */
	uint32_t id;
	struct dns_question *question;
};

struct client {
	struct resolver resolver;	/* first: see resolver.h */
	pthread_mutex_t lock;
	int fd;
	uint32_t next_id;
	struct asked *slots[SLOTS];
	struct cache *cache;
	unsigned char room[CHANNEL_FRAME_MAX];	/* the polling thread's */
	struct wire_answer answer;		/* likewise */
};

static void batch_send(struct client *client, struct buf *batch)
{
	struct frame frame = { FRAME_ASK, 0, { NULL, 0 }, { 0 }, 0 };

	frame.payload = buf_bytes(batch);
	if (client->fd >= 0 && batch->len > 0)
		(void)channel_send(client->fd, &frame);
	buf_clear(batch);
}

static void batch_add(struct client *client, struct buf *batch, uint32_t id,
		      const struct dns_question *question)
{
	int64_t left = dns_question_deadline(question) - clock_now_ms();
	struct wire_question wire;

	wire.id = id;
	wire.type = question->type;
	wire.fresh = question->fresh;
	wire.ms = left > 0 ? (uint32_t)left : 1;
	memcpy(wire.name, question->name, sizeof(wire.name));
	wire_put_question(batch, &wire);
	if (batch->len > BATCH_MAX)
		batch_send(client, batch);
}

static void client_ask(struct resolver *resolver,
		       struct dns_question *const *questions, size_t count)
{
	struct client *client = (struct client *)(void *)resolver;
	struct asked *asked;
	struct buf batch;
	size_t i;

	buf_init(&batch, CHANNEL_PAYLOAD_MAX);
	(void)pthread_mutex_lock(&client->lock);
	for (i = 0; i < count; i++) {
		if (!questions[i]->fresh &&
		    cache_answer(client->cache, questions[i]))
			continue;
		asked = calloc(1, sizeof(*asked));
		if (asked == NULL)
			continue;	/* its await times out */
		asked->id = client->next_id++;
		asked->question = questions[i];
		questions[i]->id = asked->id;
		asked->next = client->slots[asked->id & (SLOTS - 1)];
		client->slots[asked->id & (SLOTS - 1)] = asked;
		batch_add(client, &batch, asked->id, questions[i]);
	}
	batch_send(client, &batch);
	(void)pthread_mutex_unlock(&client->lock);
	buf_free(&batch);
}

/* Takes it out of its slot; NULL: answered or forgotten before. */
static struct asked *asked_take(struct client *client, uint32_t id,
				const struct dns_question *question)
{
	struct asked **at = &client->slots[id & (SLOTS - 1)], *found;

	while (*at != NULL && ((*at)->id != id ||
			       (question != NULL &&
				(*at)->question != question)))
		at = &(*at)->next;
	found = *at;
	if (found != NULL)
		*at = found->next;
	return found;
}

static void client_forget(struct resolver *resolver,
			  struct dns_question *const *questions, size_t count)
{
	struct client *client = (struct client *)(void *)resolver;
	struct frame frame = { FRAME_FORGET, 0, { NULL, 0 }, { 0 }, 0 };
	struct asked *asked;
	struct buf ids;
	size_t i;

	buf_init(&ids, CHANNEL_PAYLOAD_MAX);
	(void)pthread_mutex_lock(&client->lock);
	for (i = 0; i < count; i++) {
		asked = asked_take(client, questions[i]->id, questions[i]);
		if (asked == NULL)
			continue;
		buf_u32(&ids, asked->id);
		free(asked);
	}
	frame.payload = buf_bytes(&ids);
	if (ids.len > 0 && client->fd >= 0)
		(void)channel_send(client->fd, &frame);
	(void)pthread_mutex_unlock(&client->lock);
	buf_free(&ids);
}

static const struct resolver_ops client_ops = { client_ask, client_forget };

struct resolver *dns_client_new(void)
{
	struct client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->cache = cache_new();
	if (client->cache == NULL) {
		free(client);
		return NULL;
	}
	client->resolver.ops = &client_ops;
	client->fd = -1;
	client->next_id = 1;
	(void)pthread_mutex_init(&client->lock, NULL);
	return &client->resolver;
}

void dns_client_free(struct resolver *resolver)
{
	struct client *client = (struct client *)(void *)resolver;
	struct asked *asked;
	size_t i;

	if (client == NULL)
		return;
	for (i = 0; i < SLOTS; i++)
		while ((asked = client->slots[i]) != NULL) {
			client->slots[i] = asked->next;
			free(asked);
		}
	if (client->fd >= 0)
		(void)close(client->fd);
	cache_free(client->cache);
	(void)pthread_mutex_destroy(&client->lock);
	free(client);
}

void dns_client_attach(struct resolver *resolver, int fd)
{
	struct client *client = (struct client *)(void *)resolver;
	const struct asked *asked;
	struct buf batch;
	size_t i;

	buf_init(&batch, CHANNEL_PAYLOAD_MAX);
	(void)pthread_mutex_lock(&client->lock);
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = fd;
	for (i = 0; i < SLOTS; i++)
		for (asked = client->slots[i]; asked != NULL;
		     asked = asked->next)
			batch_add(client, &batch, asked->id, asked->question);
	batch_send(client, &batch);
	(void)pthread_mutex_unlock(&client->lock);
	buf_free(&batch);
}

int dns_client_fd(struct resolver *resolver)
{
	struct client *client = (struct client *)(void *)resolver;
	int fd;

	(void)pthread_mutex_lock(&client->lock);
	fd = client->fd;
	(void)pthread_mutex_unlock(&client->lock);
	return fd;
}

/* Under the lock, so that no question is forgotten in between. */
static int answer_take(struct client *client, struct frame *frame)
{
	struct asked *asked;
	int r;

	if (frame->type != FRAME_ANSWER || frame->fd_count > 0)
		return ERR_PROTOCOL;
	r = wire_take_answer(frame->payload, &client->answer);
	if (r < 0)
		return r;
	asked = asked_take(client, client->answer.id, NULL);
	if (asked == NULL)
		return 0;
	dns_deliver(asked->question, &client->answer.answer);
	cache_keep(client->cache, asked->question, &client->answer.answer);
	free(asked);
	return 0;
}

void dns_client_readable(struct resolver *resolver)
{
	struct client *client = (struct client *)(void *)resolver;
	struct frame frame;
	int turn, r = ERR_TIMEOUT;

	(void)pthread_mutex_lock(&client->lock);
	for (turn = 0; turn < FRAMES_A_TURN && client->fd >= 0; turn++) {
		r = channel_receive(client->fd, client->room, &frame);
		if (r <= 0)
			break;
		r = answer_take(client, &frame);
		frame_close(&frame);
		if (r < 0)
			break;
	}
	if (r <= 0 && r != ERR_TIMEOUT && client->fd >= 0 &&
	    turn < FRAMES_A_TURN) {
		(void)close(client->fd);	/* the front sends a new one */
		client->fd = -1;
	}
	(void)pthread_mutex_unlock(&client->lock);
}
