/* systems.h - S/MIME and OpenPGP as two of Claws Mail's privacy systems
 *
 * Their callbacks bear no context, so there is one of them a program. */
#ifndef PLUGINS_CLAWS_SYSTEMS_H
#define PLUGINS_CLAWS_SYSTEMS_H

#include <glib.h>

struct seal;
struct unseal;

/* Both must outlive it. */
void systems_register(struct seal *seal, struct unseal *unseal);

void systems_unregister(void);

/* Whether an identifier, or NULL, is of one of ours. */
gboolean systems_has(const char *id);

#endif
