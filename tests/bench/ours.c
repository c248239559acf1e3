/* ours.c - what a worker of the reader does, without the channel */
#include "tests/bench/ours.h"

#include <stdlib.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/flow/check.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/name.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_resolver.h"

#define NOW	1772445600	/* 2026-03-02 10:00:00 UTC */

struct ours {
	const struct letters *letters;
	struct bench_resolver *resolver;
	struct contacts *contacts;
	struct world world;
};

static const char *const border = "mx.user.example";

static void book_open(struct ours *ours)
{
	const struct contact alice = { "alice@example.org", "Alice Harper",
				       1 };
	struct buf map;

	buf_init(&map, CONTACTS_MAP_MAX);
	contact_encode(&map, &alice, 1);
	bench_must(contacts_open(buf_bytes(&map), &ours->contacts) == 0,
		   "no book");
	buf_free(&map);
}

struct ours *ours_new(const struct letters *letters, const char *key_record)
{
	struct ours *ours = calloc(1, sizeof(*ours));

	bench_must(ours != NULL, "no memory");
	author_prepare();
	domain_prepare();
	name_prepare();
	dkim_prepare();
	ours->letters = letters;
	ours->resolver = bench_resolver_new();
	bench_resolver_txt(ours->resolver, LETTER_SELECTOR "._domainkey."
			   LETTER_DOMAIN, key_record);
	bench_resolver_txt(ours->resolver, LETTER_DOMAIN,
			   "v=spf1 ip4:192.0.2.0/24 -all");
	bench_resolver_txt(ours->resolver, "_dmarc." LETTER_DOMAIN,
			   "v=DMARC1; p=reject; rua=mailto:d@example.org");
	book_open(ours);
	ours->world.contacts = ours->contacts;
	ours->world.now = NOW;
	ours->world.policy.require_policy = true;
	ours->world.relays.names = &border;
	ours->world.relays.count = 1;
	return ours;
}

void ours_free(struct ours *ours)
{
	bench_resolver_free(ours->resolver);
	contacts_free(ours->contacts);
	free(ours);
}

void ours_dkim(void *ctx, size_t nth)
{
	struct ours *ours = ctx;
	struct arena *arena = arena_new(CHECK_ARENA_MAX);
	struct dkim_findings found;
	struct dns_request *request;
	struct message *message;
	struct dkim_input input;
	struct dkim_check *check;

	request = dns_request_new(bench_resolver_door(ours->resolver),
				  INT64_MAX);
	memset(&input, 0, sizeof(input));
	bench_must(message_parse(arena, ours->letters->list[
			nth % ours->letters->count], &message) == 0,
		   "no message");
	input.message = message;
	input.author_domain = LETTER_DOMAIN;
	input.arrived = input.now = NOW;
	check = dkim_start(arena, request, &input);
	dkim_finish(check, &found);
	bench_must(found.count == 1 && found.list[0].result == RESULT_PASS,
		   "ours: no pass");
	dns_request_free(request);
	arena_free(arena);
}

void ours_check(void *ctx, size_t nth)
{
	static const struct check_options options;
	struct ours *ours = ctx;
	struct bytes letter = ours->letters->list[nth % ours->letters->count];
	struct memfile file = { letter, letter.len, false, -1 };
	struct arena *arena = arena_new(CHECK_ARENA_MAX);
	struct dns_request *request;
	struct value *report = NULL;

	request = dns_request_new(bench_resolver_door(ours->resolver),
				  INT64_MAX);
	bench_must(check_message(arena, &file, &options, &ours->world,
				 request, &report) == 0 &&
		   strcmp(value_text(report, "verdict"), "genuine") == 0,
		   "ours: not genuine");
	dns_request_free(request);
	arena_free(arena);
}
