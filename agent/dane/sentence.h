/* sentence.h - inside dane: what a report says to a person
 *
 * The thing, the reason, the remedy. */
#ifndef MAILSEAL_DANE_SENTENCE_H
#define MAILSEAL_DANE_SENTENCE_H

#include "agent/dane/report.h"

struct arena;

/* What a sentence may need besides the report; texts, or NULL. */
struct dane_cause {
	const char *name;	/* the DNS name it happened at */
	const char *why;	/* what DNS, TCP, TLS or the server said */
};

/* Never NULL; for the report's verdict and reason. */
const char *dane_sentence(struct arena *arena,
			  const struct dane_report *report,
			  const struct dane_cause *cause);

#endif
