/* script_desk.h - one request, and a script that answers it; behind cmocka.h */
#ifndef TESTS_UNIT_DNS_SCRIPT_DESK_H
#define TESTS_UNIT_DNS_SCRIPT_DESK_H

#include "agent/base/clock.h"
#include "agent/dns/dns.h"
#include "tests/lab/script_resolver.h"

struct desk {
	struct script_resolver *script;
	struct dns_request *request;
};

static int desk_up(void **test)
{
	static struct desk desk;

	desk.script = script_resolver_new();
	desk.request = dns_request_new(script_resolver_door(desk.script),
				       clock_now_ms() + 60000);
	*test = &desk;
	return desk.request == NULL ? -1 : 0;
}

static int desk_down(void **test)
{
	struct desk *desk = *test;

	dns_request_free(desk->request);
	script_resolver_free(desk->script);
	return 0;
}

static const struct dns_answer *get(struct desk *desk, const char *name,
				    enum dns_type type)
{
	return dns_await(dns_ask(desk->request, name, type));
}

#endif
