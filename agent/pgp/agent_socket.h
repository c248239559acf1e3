/* agent_socket.h - where gpg-agent listens
 *
 * gpgconf knows: it depends on the home and on how GnuPG was built. */
#ifndef MAILSEAL_PGP_AGENT_SOCKET_H
#define MAILSEAL_PGP_AGENT_SOCKET_H

#include <stddef.h>

struct pgp_engine;

/* Runs the gpgconf beside the engine's gpg, so before the cage.  0; ERR_IO:
 * it does not run; ERR_SYNTAX: it says nothing that could be a path. */
int agent_socket_find(const struct pgp_engine *engine, char *out,
		      size_t out_size);

/* What gpgconf printed, escapes undone.  0; ERR_SYNTAX. */
int agent_socket_read(const char *line, char *out, size_t out_size);

#endif
