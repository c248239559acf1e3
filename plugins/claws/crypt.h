/* crypt.h - calls of the agent that seal and open (org.mailseal.Entity1)
 *
 * What is handed over and what comes back are bytes in memory; nothing
 * waits. */
#ifndef PLUGINS_CLAWS_CRYPT_H
#define PLUGINS_CLAWS_CRYPT_H

#include "plugins/claws/agent.h"

enum crypt_scheme { CRYPT_SMIME, CRYPT_OPENPGP };

/* What came back, or NULL and a sentence; all borrowed. */
typedef void crypt_done(void *ctx, GBytes *content, GVariant *report,
			const char *failure);

struct crypt_order {
	enum crypt_scheme scheme;
	GBytes *entity;			/* borrowed */
	const char *sender;		/* whose key, or NULL */
	const char *const *recipients;	/* NULL-ended, or NULL */
};

/* All are answered later, exactly once, never after `cancel`. */
void crypt_sign(struct agent *agent, const struct crypt_order *order,
		GCancellable *cancel, crypt_done *done, void *ctx);
void crypt_encrypt(struct agent *agent, const struct crypt_order *order,
		   GCancellable *cancel, crypt_done *done, void *ctx);
/* `id`: the Message-ID of the message that the object is of; NULL: none. */
void crypt_decrypt(struct agent *agent, GBytes *object, const char *id,
		   GCancellable *cancel, crypt_done *done, void *ctx);

/* The report is all that comes back; `free` is called at the end. */
void crypt_verify(struct agent *agent, const struct crypt_order *order,
		  GBytes *signature, GCancellable *cancel, agent_done *done,
		  void *ctx, void (*free)(void *ctx));

const char *crypt_word(enum crypt_scheme scheme);

#endif
