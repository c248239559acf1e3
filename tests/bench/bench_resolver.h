/* bench_resolver.h - a resolver that answers at once from a few records
 *
 * What the reader's own cache of answers costs, and no more: an answer is
 * found by its name and delivered before ask() returns.  Names that are not
 * there answer NXDOMAIN, insecure. */
#ifndef MAILSEAL_TESTS_BENCH_RESOLVER_H
#define MAILSEAL_TESTS_BENCH_RESOLVER_H

#include "agent/dns/resolver.h"

struct bench_resolver;

struct bench_resolver *bench_resolver_new(void);
void bench_resolver_free(struct bench_resolver *resolver);
struct resolver *bench_resolver_door(struct bench_resolver *resolver);
/* `name` in lower case. */
void bench_resolver_txt(struct bench_resolver *resolver, const char *name,
			const char *text);

#endif
