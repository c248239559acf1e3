/* ehlo.h - what a server says it can
 *
 * RFC 5321 section 4.1.1.1: a keyword a line of the answer to EHLO.  RFC 1870
 * SIZE, 2920 PIPELINING, 3030 CHUNKING, 3461 DSN, 4954 AUTH, 6152 8BITMIME,
 * 6531 SMTPUTF8, 8689 REQUIRETLS, 9422 LIMITS.  What is not known is left
 * out. */
#ifndef MAILSEAL_SMTP_EHLO_H
#define MAILSEAL_SMTP_EHLO_H

#include <stdint.h>

#include "agent/base/bytes.h"

enum ehlo_can {
	EHLO_PIPELINING = 1, EHLO_8BITMIME = 2, EHLO_SMTPUTF8 = 4,
	EHLO_DSN = 8, EHLO_CHUNKING = 16, EHLO_REQUIRETLS = 32,
	EHLO_SIZE = 64, EHLO_AUTH = 128
};

struct ehlo {
	unsigned can;		/* ehlo_can, or'ed */
	uint64_t size_max;	/* 0: no limit was told */
	uint32_t recipients_max;	/* of one transaction; 0: not told */
	/* The mechanisms, each once with a blank in front, as they came. */
	char mechanisms[512];
};

/* `text`: of the reply, its first line included. */
void ehlo_parse(struct bytes text, struct ehlo *out);

/* Whether the server names that mechanism; case does not count. */
bool ehlo_offers(const struct ehlo *ehlo, const char *mechanism);

#endif
