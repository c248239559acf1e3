/* script_table.h - inside tests/lab: the table behind script_resolver.h */
#ifndef MAILSEAL_TESTS_SCRIPT_TABLE_H
#define MAILSEAL_TESTS_SCRIPT_TABLE_H

#include <stdatomic.h>

#include "tests/lab/script_resolver.h"

#define SCRIPT_ASKED_MAX	4096	/* questions remembered by name */
#define SCRIPT_ASKED_TEXT	(DNS_NAME_MAX + 18)
#define SCRIPT_LABEL_MAX	63	/* RFC 1035 section 2.3.4 */

struct row {
	struct row *next;		/* script_resolver::rows */
	char name[DNS_NAME_MAX + 1];
	enum dns_type type;
	unsigned char *rdata;
	size_t len;
};

/* What is said of a whole name. */
struct manner {
	struct manner *next;		/* script_resolver::manners */
	char name[DNS_NAME_MAX + 1];
	bool has_state;
	enum dns_state state;
	bool has_security;
	enum dns_security security;
	unsigned delay;			/* milliseconds */
	enum dns_type delayed;		/* that type alone; 0: every one */
};

struct late {
	struct late *next;		/* script_resolver::late */
	struct dns_question *question;
	int64_t due;
};

struct script_resolver {
	struct resolver resolver;	/* first: see resolver.h */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct row *rows, **rows_end;
	struct manner *manners;
	const struct script_resolver *fresh;	/* NULL: itself */
	uint32_t signed_from, signed_until;
	struct late *late;
	pthread_t thread;		/* delivers what is late */
	bool has_thread, stop;
	atomic_size_t asked_count;
	char asked[SCRIPT_ASKED_MAX][SCRIPT_ASKED_TEXT];
};

/* Says what and aborts: a test that cannot mean that. */
void script_fault(const char *what, const char *name);
/* Zeroed; aborts without memory. */
void *script_memory(size_t size);

#endif
