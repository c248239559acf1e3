/* receipt.h - a return receipt goes the way of other mail
 *
 * Claws Mail asks nobody before it sends one: not the hook before sending, for
 * no window was open, nor the one about certificates where an account has no
 * encryption; and it minds no lock.  So what the button does is done while
 * nothing can be sent: the receipt comes to lie in the queue, which looks at it
 * as at all (queue.h), and is sent as soon as it is not locked there. */
#ifndef PLUGINS_CLAWS_RECEIPT_H
#define PLUGINS_CLAWS_RECEIPT_H

struct _NoticeView;
struct queue;
struct receipts;
struct settings;

/* Both must outlive it. */
struct receipts *receipts_new(const struct settings *settings,
			      struct queue *queue);

/* Buttons do again what Claws Mail wants; receipts stay in the queue.  NULL is
 * allowed. */
void receipts_free(struct receipts *receipts);

/* A message is shown; the line over it may ask for a receipt. */
void receipts_watch(struct receipts *receipts, struct _NoticeView *line);

#endif
