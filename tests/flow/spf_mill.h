/* spf_mill.h - SPF records without end, the same ones every time
 *
 * A small world of names whose records include, redirect and point to each
 * other, in most shapes that RFC 7208 allows and some that it does not. */
#ifndef MAILSEAL_TESTS_SPF_MILL_H
#define MAILSEAL_TESTS_SPF_MILL_H

#include <stdint.h>

struct spf_mill;

#define SPF_WORLD_RECORDS	64

struct spf_record {
	char name[64];
	const char *type;		/* "TXT", "A", "MX", "TIMEOUT" */
	char text[512];			/* an MX: "10 host" */
};

struct spf_world {
	struct spf_record list[SPF_WORLD_RECORDS];
	unsigned count;
	char ip[48], helo[64], mail_from[96];
};

struct spf_mill *spf_mill_new(uint64_t seed);
void spf_mill_free(struct spf_mill *mill);
void spf_mill_next(struct spf_mill *mill, struct spf_world *world);

#endif
