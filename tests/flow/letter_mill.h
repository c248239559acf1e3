/* letter_mill.h - signed messages without end, the same ones every time
 *
 * Headers, bodies and signatures in every shape that the standards allow and
 * some that they do not, and then changed or not. */
#ifndef MAILSEAL_TESTS_LETTER_MILL_H
#define MAILSEAL_TESTS_LETTER_MILL_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define MILL_KEYS	5

struct mill;

struct mill *mill_new(uint64_t seed, int64_t now);
void mill_free(struct mill *mill);

/* The next one, CRLF throughout; free() it. */
char *mill_letter(struct mill *mill);

/* The key record of a selector and domain; NULL: none. */
const char *mill_key(const struct mill *mill, const char *selector,
		     const char *domain);
/* The nth: "selector._domainkey.domain" and its record. */
const char *mill_key_name(unsigned nth);
const char *mill_key_record(const struct mill *mill, unsigned nth);

#endif
