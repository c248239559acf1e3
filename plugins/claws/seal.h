/* seal.h - mail that is signed and encrypted on its way out
 *
 * Claws Mail builds a message and has it sealed within one call.  Nothing may
 * wait in there: the first time the answer is that signing was cancelled,
 * which Claws Mail takes in silence, while the agent is asked for what the
 * message needs; then the message is sent again, and takes the results,
 * if it is still the same to the byte.  Both signing and encrypting go this
 * way, so Claws Mail is told to sign also where it only has to encrypt. */
#ifndef PLUGINS_CLAWS_SEAL_H
#define PLUGINS_CLAWS_SEAL_H

#include "plugins/claws/crypt.h"

struct _Compose;
struct _MimeInfo;
struct _PrefsAccount;
struct seal;

/* How the sealing has a message wait, go on, or stay. */
struct seal_events {
	/* To be cancelled when nobody waits any more. */
	GCancellable *(*wait)(void *ctx, struct _Compose *compose,
			      const char *sentence);
	void (*go)(void *ctx, struct _Compose *compose);
	void (*fail)(void *ctx, struct _Compose *compose, const char *why);
};

/* `agent` must outlive it. */
struct seal *seal_new(struct agent *agent, const struct seal_events *events,
		      void *ctx);

/* NULL is allowed. */
void seal_free(struct seal *seal);

/* A message is about to be built that one of our systems may seal. */
void seal_begin(struct seal *seal, struct _Compose *compose);

/* It is over, for now or for good: nothing of it is kept. */
void seal_end(struct seal *seal, const struct _Compose *compose);

/* The same for all for which the agent is not at work. */
void seal_settle(struct seal *seal);

/* What Claws Mail calls (privacy.h of Claws Mail), of the message that began
 * last. */
gboolean seal_sign(struct seal *seal, enum crypt_scheme scheme,
		   struct _MimeInfo *message,
		   const struct _PrefsAccount *account, const char *from);
gboolean seal_encrypt(struct seal *seal, struct _MimeInfo *message,
		      const char *recipients);

#endif
