/* resolver.h - what stands behind dns.h
 *
 * Two implementations: client.h (over a channel to the resolver process) and
 * the tests' scripted one.  A resolver is used by many threads at once. */
#ifndef MAILSEAL_DNS_RESOLVER_H
#define MAILSEAL_DNS_RESOLVER_H

#include <pthread.h>

#include "agent/dns/dns.h"

struct dns_question {
	char name[DNS_NAME_MAX + 1];	/* lower case */
	enum dns_type type;
	bool fresh;			/* past the caches */
	uint32_t id;			/* the resolver's, for its own use */
	struct dns_request *request;
	struct dns_question *next;	/* dns_request::questions */
	bool sent;
	bool answered;
	struct dns_answer answer;
};

struct resolver_ops {
	/* Puts `count` questions under way together; never blocks.  Answers
	 * come through dns_deliver(), from any thread, also before this
	 * returns. */
	void (*ask)(struct resolver *resolver,
		    struct dns_question *const *questions, size_t count);
	/* No answer may be delivered to these any more once it returned. */
	void (*forget)(struct resolver *resolver,
		       struct dns_question *const *questions, size_t count);
};

/* An implementation embeds this as its first member. */
struct resolver {
	const struct resolver_ops *ops;
};

/* Copies the answer into the question's request and wakes who awaits it.
 * Records of BOGUS and SILENT answers are dropped here, once for all. */
void dns_deliver(struct dns_question *question,
		 const struct dns_answer *answer);

/* When the request must have its answers. */
int64_t dns_question_deadline(const struct dns_question *question);

#endif
