/* bench_resolver.c - a table of names by their hash */
#include "tests/bench/bench_resolver.h"

#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

#define SLOTS	256	/* more than there are names */
#define STRING	255	/* octets of one string of a TXT record */

struct slot {
	char *name;		/* NULL: free */
	unsigned char *rdata;
	struct bytes record;
};

struct bench_resolver {
	struct resolver resolver;	/* first: see resolver.h */
	struct slot slots[SLOTS];
};

static size_t slot_of(const char *name)
{
	size_t hash = 5381;

	for (; *name != 0; name++)
		hash = hash * 33 ^ (unsigned char)*name;
	return hash % SLOTS;
}

static struct slot *find(struct bench_resolver *bench, const char *name)
{
	size_t at = slot_of(name);

	while (bench->slots[at].name != NULL &&
	       strcmp(bench->slots[at].name, name) != 0)
		at = (at + 1) % SLOTS;
	return &bench->slots[at];
}

static void answer(struct bench_resolver *bench, struct dns_question *question)
{
	const struct slot *slot = find(bench, question->name);
	struct dns_answer out;

	memset(&out, 0, sizeof(out));
	out.state = DNS_NXDOMAIN;
	out.security = DNS_INSECURE;
	out.ttl = 300;
	out.canonical = question->name;
	out.why = "";
	if (slot->name != NULL && question->type == DNS_TXT) {
		out.state = DNS_HAVE;
		out.records = &slot->record;
		out.record_count = 1;
	}
	dns_deliver(question, &out);
}

static void ask(struct resolver *resolver,
		struct dns_question *const *questions, size_t count)
{
	struct bench_resolver *bench = (struct bench_resolver *)resolver;
	size_t i;

	for (i = 0; i < count; i++)
		answer(bench, questions[i]);
}

static void forget(struct resolver *resolver,
		   struct dns_question *const *questions, size_t count)
{
	(void)resolver;
	(void)questions;
	(void)count;
}

static const struct resolver_ops ops = { ask, forget };

struct bench_resolver *bench_resolver_new(void)
{
	struct bench_resolver *bench = calloc(1, sizeof(*bench));

	bench_must(bench != NULL, "no memory");
	bench->resolver.ops = &ops;
	return bench;
}

void bench_resolver_free(struct bench_resolver *bench)
{
	size_t i;

	for (i = 0; bench != NULL && i < SLOTS; i++) {
		free(bench->slots[i].name);
		free(bench->slots[i].rdata);
	}
	free(bench);
}

struct resolver *bench_resolver_door(struct bench_resolver *bench)
{
	return &bench->resolver;
}

void bench_resolver_txt(struct bench_resolver *bench, const char *name,
			const char *text)
{
	struct slot *slot = find(bench, name);
	size_t len = strlen(text), at, part, used = 0;

	bench_must(slot->name == NULL, "a name is there twice");
	slot->name = strdup(name);
	slot->rdata = malloc(len + len / STRING + 1);
	bench_must(slot->name != NULL && slot->rdata != NULL, "no memory");
	for (at = 0; at < len; at += part) {
		part = len - at < STRING ? len - at : STRING;
		slot->rdata[used++] = (unsigned char)part;
		memcpy(slot->rdata + used, text + at, part);
		used += part;
	}
	slot->record.data = slot->rdata;
	slot->record.len = used;
}
