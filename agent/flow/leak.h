/* leak.h - private keys on their way out
 *
 * "Mailto: me your secrets" (2020): a link, or a program gone wrong, makes a
 * mail that brings a key file along.  Such a part is known by how it begins:
 * PEM (RFC 7468) of any private key, OpenSSH's too, transferable secret keys
 * (RFC 4880 section 11.2) in armor or not, GnuPG's own files, PKCS #12.  A
 * text that merely holds one further below (a patch, a manual) is none.
 * Does not do: look into archives, or into what is encrypted. */
#ifndef MAILSEAL_FLOW_LEAK_H
#define MAILSEAL_FLOW_LEAK_H

#include "agent/base/bytes.h"

struct arena;
struct memfile;

#define LEAK_LOOK 4096		/* octets of each part, decoded */

/* 1: there is one, and *part its number ("": the message itself); 0: none;
 * ERR_*. */
int leak_find(struct arena *arena, const struct memfile *message,
	      const char **part);

/* Pure, for a test: whether a file that begins so is a private key. */
bool leak_is_key(struct bytes start);

#endif
