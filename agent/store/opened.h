/* opened.h - the Message-IDs of encrypted mail that was opened here
 *
 * So that what answers one of them is encrypted too.  Sums alone
 * (flow/answers.h makes them): who reads the file learns of no message that
 * he does not have. */
#ifndef MAILSEAL_STORE_OPENED_H
#define MAILSEAL_STORE_OPENED_H

#include <stdint.h>

struct store;

#define OPENED_SUM	32		/* octets */
#define OPENED_MAX	100000		/* the newest stay */

/* 0; ERR_IO. */
int opened_put(struct store *store, const unsigned char *sum, int64_t now);

/* 1, 0; ERR_IO: it cannot be told. */
int opened_has(struct store *store, const unsigned char *sum);

#endif
