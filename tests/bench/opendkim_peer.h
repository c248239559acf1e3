/* opendkim_peer.h - libopendkim in process, its keys from memory
 *
 * Includes nothing of ours that has names of libopendkim's. */
#ifndef MAILSEAL_TESTS_OPENDKIM_PEER_H
#define MAILSEAL_TESTS_OPENDKIM_PEER_H

#include "agent/base/bytes.h"

struct opendkim_peer;

struct opendkim_peer *opendkim_peer_new(const struct bytes *letters,
					size_t count, const char *key_record);
void opendkim_peer_free(struct opendkim_peer *peer);
void opendkim_peer_run(void *ctx, size_t nth);

#endif
