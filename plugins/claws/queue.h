/* queue.h - queued mail that would go out in clear waits
 *
 * When Claws Mail flushes its queue, it asks nobody: certificates are looked at
 * (cert.h), but an account without encryption shows none.  It passes over
 * messages that are locked, so its messages are locked, under a tag of ours,
 * until the agent has said that the server promises nothing, and again as soon
 * as that is no longer known.  Receipts come here by receipt.h. */
#ifndef PLUGINS_CLAWS_QUEUE_H
#define PLUGINS_CLAWS_QUEUE_H

struct agent;
struct queue;
struct servers;
struct settings;

/* All must outlive it.  What is queued already is looked at. */
struct queue *queue_new(const struct settings *settings,
			const struct agent *agent, struct servers *servers);

/* NULL is allowed.  What was locked is free again. */
void queue_free(struct queue *queue);

/* A queue changed, or something that decides. */
void queue_look(struct queue *queue);

#endif
