/* unseal.h - sealed mail that came: verified, and opened
 *
 * Claws Mail lets a signature be checked in the background, but wants to have
 * a part decrypted at once.  So the first time it is told that the agent is at
 * it; when it is done, the message is shown again, and what is inside is
 * there.  It is kept in memory for a minute. */
#ifndef PLUGINS_CLAWS_UNSEAL_H
#define PLUGINS_CLAWS_UNSEAL_H

#include "plugins/claws/crypt.h"

struct _MimeInfo;
struct unseal;

/* Something can be shown now that could not before. */
typedef void unseal_opened(void *ctx);

/* `agent` must outlive it. */
struct unseal *unseal_new(struct agent *agent, unseal_opened *opened,
			  void *ctx);

/* NULL is allowed. */
void unseal_free(struct unseal *unseal);

/* As Claws Mail's check_signature (privacy.h of Claws Mail). */
gint unseal_verify(struct unseal *unseal, enum crypt_scheme scheme,
		   struct _MimeInfo *part, struct _MimeInfo *signature,
		   GCancellable *cancel, GAsyncReadyCallback done,
		   gpointer ctx);

/* What is inside a sealed object, with its verdict in sig_data; NULL, with
 * Claws Mail's privacy error set, when it is not there. */
struct _MimeInfo *unseal_open(struct unseal *unseal, enum crypt_scheme scheme,
			      struct _MimeInfo *object);

#endif
