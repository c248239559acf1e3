/* unbound_answer.h - inside dns: what a result of libunbound says
 *
 * Every trap of ub_result is met here, once: a bogus one still carries its
 * data and rcode 0; SERVFAIL and REFUSED carry no flag at all; only `secure`
 * means secure. */
#ifndef MAILSEAL_DNS_UNBOUND_ANSWER_H
#define MAILSEAL_DNS_UNBOUND_ANSWER_H

#include "agent/dns/dns.h"

struct ub_result;

/* The records point into the result; the texts are here or there. */
struct unbound_answer {
	struct dns_answer answer;
	char canonical[DNS_NAME_MAX + 1];	/* "": the question's name */
	struct bytes records[DNS_RECORDS_MAX];
};

/* `error`: as libunbound hands it to the callback; then result is NULL. */
void unbound_answer_read(int error, const struct ub_result *result,
			 struct unbound_answer *out);

/* `name` as libunbound parses it: what is special there is escaped, because
 * here a name is its characters.  False: it does not fit. */
bool unbound_name(const char *name, char *to, size_t size);

#endif
