/* link.h - a TLS session whose server was verified
 *
 * There is no other way to a `struct dane_link` than dane_server_open(), and
 * that one verifies first: whoever holds a link may send on it, and nobody
 * can send a byte without one.  One thread at a time.
 * Does not do: say which protocol is spoken; reconnect; resume. */
#ifndef MAILSEAL_DANE_LINK_H
#define MAILSEAL_DANE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/base/bytes.h"

#define LINK_BINDING_MAX 64	/* bytes of channel binding */

struct dane_link;

/* Waits for at least one byte. How many came, at most `size`; 0: the server
 * ended the session properly; ERR_GONE: it was cut; ERR_TIMEOUT: `deadline`
 * (clock_now_ms()) passed; ERR_REFUSED: cancelled by the question's
 * cancel_fd. After an error only dane_link_free() makes sense. */
int dane_link_read(struct dane_link *link, void *room, size_t size,
		   int64_t deadline);

/* All of it, or an error as above. */
int dane_link_write(struct dane_link *link, struct bytes bytes,
		    int64_t deadline);

/* Whether dane_link_read() would answer at once from what was decrypted. */
bool dane_link_has_input(const struct dane_link *link);

enum dane_binding {
	DANE_BINDING_EXPORTER,	/* tls-exporter, RFC 9266 */
	DANE_BINDING_END_POINT	/* tls-server-end-point, RFC 5929 section 4 */
};

/* Channel binding for SASL.  How many bytes were put into `out`; 0: this
 * session has none of that kind (TLS 1.2 without extended master secret has
 * no exporter). */
size_t dane_link_binding(const struct dane_link *link, enum dane_binding kind,
			 unsigned char out[LINK_BINDING_MAX]);

/* Says goodbye (close_notify) without waiting, closes, frees; NULL is
 * allowed. */
void dane_link_free(struct dane_link *link);

#endif
