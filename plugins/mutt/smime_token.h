/* smime_token.h - how Mutt's list of certificates names people
 *
 * Mutt finds certificates in a folder's file .index, and hands their names
 * over as FOLDER/NAME, all in one list that it cuts at 1023 bytes.  So names
 * are short, of one length, and have a check in them: a name that was cut is
 * none.  They stand for addresses; the agent finds the certificate. */
#ifndef MAILSEAL_MUTT_SMIME_TOKEN_H
#define MAILSEAL_MUTT_SMIME_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#define SMIME_OWN	"own"	/* the user's own key, that of From */
#define SMIME_TOKEN	12	/* letters of any other */
#define SMIME_ADDRESS	320	/* bytes of an address that Mutt can list */

void smime_token(const char *address, char out[SMIME_TOKEN + 1]);

/* Whether it is one, by itself. */
bool smime_token_holds(const char *token);

/* The address of a token in our list; false: it has none. */
bool smime_token_find(const char *token, char *address, size_t size);

#endif
