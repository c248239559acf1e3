/* peer_opendkim.h - what libopendkim says of a message
 *
 * Includes nothing of ours that has names of libopendkim's. */
#ifndef MAILSEAL_TESTS_PEER_OPENDKIM_H
#define MAILSEAL_TESTS_PEER_OPENDKIM_H

#include <stdbool.h>

#include "agent/base/bytes.h"

/* The key record of a selector and a domain; NULL: there is none. */
typedef const char *peer_key(const char *selector, const char *domain);

/* CRLF line ends.  Whether a signature passes. */
bool peer_opendkim(struct bytes message, peer_key *key);

#endif
