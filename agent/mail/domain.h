/* domain.h - domain names as mail compares them
 *
 * A-labels, lower case, without a dot at the end (RFC 5890, UTS 46 through
 * libidn2); label-wise, never by suffix of characters; public suffixes by
 * libpsl's built-in list. */
#ifndef MAILSEAL_MAIL_DOMAIN_H
#define MAILSEAL_MAIL_DOMAIN_H

#include <stdbool.h>

#include "agent/base/bytes.h"

struct arena;

#define DOMAIN_MAX	253	/* characters, RFC 1035 section 2.3.4 */
#define LABEL_MAX	63

/* To be called once in a process that will lose its file system. */
void domain_prepare(void);

/* LDH or U-labels in, A-labels out; NULL: not a domain name.  Underscores
 * are refused (they are no host names). A dot at the end is refused. */
const char *domain_normal(struct arena *arena, struct bytes text);

/* Strictly LDH labels (and "_" if `underscore`), 1..63 each, up to 253. */
enum domain_underscore { DOMAIN_LDH, DOMAIN_LDH_OR_UNDERSCORE };
bool domain_is_valid(struct bytes text, enum domain_underscore underscore);

size_t domain_labels(const char *domain);

/* The name without its first `count` labels; "" when none is left. */
const char *domain_parent(const char *domain, size_t count);

/* Equal, or below by whole labels; ASCII case ignored. */
bool domain_is_within(const char *domain, const char *above);

/* "host" equals, or "*.domain" matches one level or more below. */
bool domain_matches(const char *domain, const char *pattern);

/* The registrable domain by the public suffix list (RFC 7489's
 * organizational domain); the name itself when it is a suffix. */
const char *domain_registrable(const char *domain);

/* Whether the last label is in the public suffix list by a rule of its own,
 * not by the default rule "*". */
bool domain_has_known_suffix(const char *domain);

/* For people: U-labels where they are safe to show, in the arena. */
const char *domain_shown(struct arena *arena, const char *domain);

#endif
