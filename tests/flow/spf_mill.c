/* spf_mill.c - dice, terms and names */
#include "tests/flow/spf_mill.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOMAINS	6	/* that have records, of d0.example on */

struct spf_mill {
	uint64_t state;
};

static unsigned dice(struct spf_mill *mill, unsigned sides)
{
	mill->state = mill->state * 6364136223846793005u +
		      1442695040888963407u;
	return (unsigned)(mill->state >> 33) % sides;
}

#define PICK(mill, list) \
	((list)[dice(mill, sizeof(list) / sizeof((list)[0]))])

static const char *const addresses[] = {
	"192.0.2.1", "192.0.2.10", "192.0.2.130", "198.51.100.7",
	"203.0.113.66", "2001:db8::1", "2001:db8::10", "2001:db8:1::7",
};

static void record_add(struct spf_world *world, const char *name,
		       const char *type, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void record_add(struct spf_world *world, const char *name,
		       const char *type, const char *format, ...)
{
	struct spf_record *record = &world->list[world->count];
	va_list args;

	if (world->count == SPF_WORLD_RECORDS)
		return;
	world->count++;
	(void)snprintf(record->name, sizeof(record->name), "%s", name);
	record->type = type;
	va_start(args, format);
	(void)vsnprintf(record->text, sizeof(record->text), format, args);
	va_end(args);
}

/* A name that an "a", "mx", "include" may have. */
static void name_put(struct spf_mill *mill, char *to, size_t room)
{
	static const char *const macros[] = {
		"%{d}", "%{o}", "%{h}", "x.%{d2}", "%{l}.d1.example",
		"%{l-}.d1.example", "%{ir}.%{v}.d2.example", "%{i}.d2.example",
		"%{d1r}.d3.example", "%{S}.d3.example", "%{L1r+-}.d4.example",
		"%{o3}.d0.example", "%%.d0.example", "a%_b.d0.example",
		"%{p}.d0.example", "%{r}.example", "%{t}.example",
		"%{c}.example", "%{x}.example", "%{d0}.example", "%{d", "%",
		"%{d}x", "d1.example.", "d1.EXAMPLE", "nothing.example",
		"d1", "d1..example", "host.d1.example", "-.example",
		"d_1.example",
	};
	unsigned which = dice(mill, 3);

	if (which == 0)
		(void)snprintf(to, room, "%s", PICK(mill, macros));
	else
		(void)snprintf(to, room, "%sd%u.example",
			       which == 1 ? "" : "h.", dice(mill, DOMAINS));
}

static void term_put(struct spf_mill *mill, char *to, size_t room)
{
	static const char *const cidrs[] = {
		"", "", "", "/24", "/32", "/0", "//64", "/24//64", "//128",
		"/33", "//129", "/", "/24/64", "/024", "/1x",
	};
	static const char *const oddities[] = {
		"all:x", "all/8", "ip4", "ip4:", "ip4:1.2.3", "ip4:192.0.2.1/",
		"ip6:192.0.2.1", "ip4:2001:db8::1", "include", "include:",
		"exists", "exists:", "a:", "mx:", "ptr:", "redirect=",
		"exp=", "v=spf1", "foo", "foo=bar", "foo:bar", "moo=%{x}",
		"moo=%{d}", "A", "IP4:192.0.2.0/24", "ALL", "+", "a=b",
		"mx=1", "redirect:d1.example", "include=d1.example",
		"+redirect=d1.example", "ip4:192.0.2.1/33", "ip4:192.0.2.01",
		"ip6:2001:db8::/129", "ip6:2001:db8::/32", "ip6:::1/0",
		"ip6:::ffff:192.0.2.1", "\xC3\xA9", "a:\xC3\xA9.example",
		"-", "?all?", "1a=x", "a1.b-c_d=x",
	};
	static const char *const qualifiers[] = { "", "", "+", "-", "~", "?" };
	char name[64];

	name_put(mill, name, sizeof(name));
	switch (dice(mill, 12)) {
	case 0:
		(void)snprintf(to, room, "%sall", PICK(mill, qualifiers));
		break;
	case 1: case 2:
		(void)snprintf(to, room, "%sinclude:%s",
			       PICK(mill, qualifiers), name);
		break;
	case 3:
		(void)snprintf(to, room, "%sa%s", PICK(mill, qualifiers),
			       PICK(mill, cidrs));
		break;
	case 4:
		(void)snprintf(to, room, "%sa:%s%s", PICK(mill, qualifiers),
			       name, PICK(mill, cidrs));
		break;
	case 5:
		(void)snprintf(to, room, "%smx%s%s%s", PICK(mill, qualifiers),
			       dice(mill, 2) == 0 ? "" : ":d1.example", "",
			       PICK(mill, cidrs));
		break;
	case 6:
		(void)snprintf(to, room, "%sexists:%s",
			       PICK(mill, qualifiers), name);
		break;
	case 7:
		(void)snprintf(to, room, "redirect=%s", name);
		break;
	case 8:
		(void)snprintf(to, room, "%s", PICK(mill, oddities));
		break;
	case 9:
		(void)snprintf(to, room, "%sip6:%s%s", PICK(mill, qualifiers),
			       addresses[5 + dice(mill, 3)],
			       dice(mill, 2) == 0 ? "" : "/64");
		break;
	default:
		(void)snprintf(to, room, "%sip4:%s%s", PICK(mill, qualifiers),
			       addresses[dice(mill, 5)],
			       dice(mill, 2) == 0 ? "" : "/24");
		break;
	}
}

static void spf_put(struct spf_mill *mill, struct spf_world *world,
		    const char *name)
{
	static const char *const heads[] = {
		"v=spf1 ", "v=spf1 ", "v=spf1 ", "v=spf1 ", "v=spf1 ",
		"v=spf1 ", "v=spf1 ", "v=spf1  ", "V=SPF1 ", "v=spf10 ",
		"v=spf1\t", " v=spf1 ", "v=spf2.0/pra ",
	};
	unsigned terms = dice(mill, 6);
	char text[512], term[96];
	size_t used;

	used = (size_t)snprintf(text, sizeof(text), "%s", PICK(mill, heads));
	for (; terms > 0; terms--) {
		term_put(mill, term, sizeof(term));
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s ", term);
	}
	if (dice(mill, 2) == 0)
		(void)snprintf(text + used, sizeof(text) - used, "-all");
	record_add(world, name, "TXT", "%s", text);
}

static void name_fill(struct spf_mill *mill, struct spf_world *world,
		      const char *name)
{
	unsigned count;

	if (dice(mill, 24) == 0) {
		record_add(world, name, "TIMEOUT", "%s", "");
		return;
	}
	if (dice(mill, 12) != 0)
		spf_put(mill, world, name);
	if (dice(mill, 24) == 0)
		spf_put(mill, world, name);
	if (dice(mill, 6) == 0)
		record_add(world, name, "TXT", "%s", "other words");
	for (count = dice(mill, 3); count > 0; count--)
		record_add(world, name, strchr(addresses[count], ':') == NULL ?
			   "A" : "AAAA", "%s", addresses[count]);
	if (dice(mill, 3) == 0)
		record_add(world, name, "AAAA", "%s",
			   addresses[5 + dice(mill, 3)]);
	for (count = dice(mill, 3); count > 0; count--)
		record_add(world, name, "MX", "%u %sd%u.example", 10 * count,
			   dice(mill, 2) == 0 ? "h." : "",
			   dice(mill, DOMAINS));
}

void spf_mill_next(struct spf_mill *mill, struct spf_world *world)
{
	static const char *const senders[] = {
		"bob@d0.example", "bob@d0.example", "bob@d0.example",
		"", "d0.example", "bob@D0.Example", "b.o-b@d1.example",
		"bob@nothing.example", "@d0.example", "bob@d0.example.",
		"b/b@h.d0.example",
	};
	static const char *const greetings[] = {
		"d5.example", "d5.example", "h.d5.example", "[192.0.2.1]",
		"localhost", "", "nothing.example",
	};
	char name[64];
	unsigned i;

	memset(world, 0, sizeof(*world));
	for (i = 0; i < DOMAINS; i++) {
		(void)snprintf(name, sizeof(name), "d%u.example", i);
		name_fill(mill, world, name);
		(void)snprintf(name, sizeof(name), "h.d%u.example", i);
		if (dice(mill, 3) != 0)
			record_add(world, name, "A", "%s",
				   addresses[dice(mill, 5)]);
	}
	record_add(world, "bob.d1.example", "A", "%s", "127.0.0.2");
	record_add(world, "10.2.0.192.in-addr.d2.example", "A", "%s",
		   "127.0.0.2");
	(void)snprintf(world->ip, sizeof(world->ip), "%s",
		       PICK(mill, addresses));
	(void)snprintf(world->helo, sizeof(world->helo), "%s",
		       PICK(mill, greetings));
	(void)snprintf(world->mail_from, sizeof(world->mail_from), "%s",
		       PICK(mill, senders));
}

struct spf_mill *spf_mill_new(uint64_t seed)
{
	struct spf_mill *mill = calloc(1, sizeof(*mill));

	if (mill == NULL)
		abort();
	mill->state = seed;
	return mill;
}

void spf_mill_free(struct spf_mill *mill)
{
	free(mill);
}
