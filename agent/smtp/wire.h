/* wire.h - the verified connection, as the client of SMTP sees it
 *
 * Whoever made the connection has verified it (agent/dane); this floor speaks
 * through these functions, so that a test can be the server.  Deadlines are
 * milliseconds of clock_now_ms().
 * Does not do: connect, TLS, verify. */
#ifndef MAILSEAL_SMTP_WIRE_H
#define MAILSEAL_SMTP_WIRE_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define WIRE_BINDING_MAX 64

/* Channel binding of this TLS session: "tls-exporter" (RFC 9266) or
 * "tls-server-end-point" (RFC 5929). */
struct wire_binding {
	const char *name;
	unsigned char data[WIRE_BINDING_MAX];
	size_t len;
};

struct wire {
	/* Waits for something: how many bytes (1 to `size`); 0: the other side
	 * closed; ERR_TIMEOUT; ERR_GONE; ERR_IO. */
	long (*read)(void *ctx, unsigned char *to, size_t size,
		     int64_t deadline);
	/* All of it: 0; ERR_TIMEOUT; ERR_GONE; ERR_IO. */
	int (*write)(void *ctx, struct bytes from, int64_t deadline);
	/* False: there is none.  The function may be NULL. */
	bool (*binding)(void *ctx, struct wire_binding *out);
	void *ctx;
};

#endif
