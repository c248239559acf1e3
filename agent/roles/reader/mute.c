/* mute.c - silence, and why */
#include "agent/roles/reader/mute.h"

#include <string.h>

#include "agent/dns/resolver.h"

static void mute_ask(struct resolver *resolver,
		     struct dns_question *const *questions, size_t count)
{
	struct dns_answer answer;
	size_t i;

	(void)resolver;
	memset(&answer, 0, sizeof(answer));
	answer.state = DNS_SILENT;
	answer.security = DNS_SECURITY_UNKNOWN;
	answer.canonical = "";
	answer.why = "your configuration has DNS asked never (lookup = never)";
	for (i = 0; i < count; i++)
		dns_deliver(questions[i], &answer);
}

static void mute_forget(struct resolver *resolver,
			struct dns_question *const *questions, size_t count)
{
	(void)resolver;
	(void)questions;
	(void)count;
}

struct resolver *reader_mute(void)
{
	static const struct resolver_ops ops = { mute_ask, mute_forget };
	static struct resolver mute = { &ops };

	return &mute;
}
