/* autocrypt.h - the key that a message brings for its author
 *
 * Autocrypt Level 1.1, "Autocrypt Header" and "Updating Autocrypt Peer State"
 * as far as one message goes.  Such a key is as good as the mail it came
 * with: it never takes the place of one that somebody verified.
 * Does not do: read the key itself, keep it, gossip, setup messages. */
#ifndef MAILSEAL_MAIL_AUTOCRYPT_H
#define MAILSEAL_MAIL_AUTOCRYPT_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;
struct message;

#define AUTOCRYPT_MAX	10240	/* octets of one field */

struct autocrypt {
	const char *address;	/* normal */
	bool mutual;		/* prefer-encrypt=mutual */
	struct bytes key;	/* a transferable public key, as it came */
};

/* `from` is the one author's normal address; NULL where there is no such one:
 * then nothing is read.  1: *out is set; 0: the message brings no key, or
 * several, or is of a kind whose key does not count (a report, an automatic
 * reply); ERR_LIMIT: the arena is full. */
int autocrypt_read(struct arena *arena, const struct message *message,
		   const char *from, struct autocrypt *out);

#endif
