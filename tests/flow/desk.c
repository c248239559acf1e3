/* desk.c - a world made of a script, and one check after the other in it */
#include "tests/flow/desk.h"

#include <stdio.h>
#include <stdlib.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/contacts/contacts.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"

#define ARENA		(256 * 1024 * 1024)
#define DEADLINE_MS	60000
#define BUECHER		"xn--bcher-kva.example"

struct desk_person {
	struct desk_person *next;	/* desk::people */
	struct contact contact;
};

/* One key for a whole run: making one takes time. */
static struct dkim_lab_key *key;

static const char *const border[] = { "mx.user.example" };

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "desk: %s\n", what);
	abort();
}

const char *desk_print(struct desk *desk, const char *format, ...)
{
	va_list args;
	char *out;

	va_start(args, format);
	out = arena_vprint(desk->arena, format, args);
	va_end(args);
	must(out != NULL, "the arena is full");
	return out;
}

const char *desk_lines(struct desk *desk, const char *text, const char *end)
{
	const char *out;
	struct buf to;
	size_t at;

	buf_init(&to, ARENA / 4);
	for (; *text != 0; text += at + (text[at] == '\n')) {
		at = strcspn(text, "\n");
		buf_add(&to, (struct bytes){ (const unsigned char *)text, at });
		if (text[at] == '\n')
			buf_text(&to, end);
	}
	must(!to.full, "a text is too long");
	out = desk_print(desk, "%s", buf_string(&to));
	buf_free(&to);
	return out;
}

void desk_contact(struct desk *desk, const char *address, const char *name,
		  unsigned person)
{
	struct desk_person *one = arena_alloc(desk->arena, sizeof(*one));
	struct buf map;

	must(one != NULL, "the arena is full");
	one->contact.address = desk_print(desk, "%s", address);
	one->contact.name = desk_print(desk, "%s", name);
	one->contact.person = person;
	one->next = desk->people;
	desk->people = one;
	buf_init(&map, CONTACTS_MAP_MAX);
	for (; one != NULL; one = one->next)
		contact_encode(&map, &one->contact, 1);
	contacts_free(desk->contacts);
	must(contacts_open(buf_bytes(&map), &desk->contacts) == 0,
	     "the book is broken");
	buf_free(&map);
	desk->world.contacts = desk->contacts;
}

void desk_domain(struct desk *desk, const char *domain, const char *dmarc)
{
	char *record;
	size_t i;

	for (i = 0; i < desk->domain_count; i++)
		if (strcmp(desk->domains[i], domain) == 0)
			return;
	must(i < DESK_DOMAINS_MAX, "too many domains");
	desk->domains[desk->domain_count++] = desk_print(desk, "%s", domain);
	record = dkim_lab_key_record(key);
	script_txt(desk->script, desk_print(desk, "lab._domainkey.%s",
					    domain), record);
	free(record);
	if (dmarc != NULL)
		script_txt(desk->script, desk_print(desk, "_dmarc.%s",
						    domain), dmarc);
}

static void prepare(void)
{
	if (key != NULL)
		return;
	key = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	author_prepare();
	domain_prepare();
	name_prepare();
	dkim_prepare();
}

static void furnish(struct desk *desk)
{
	desk_domain(desk, "example.org", "v=DMARC1; p=reject");
	desk_domain(desk, "example.com", "v=DMARC1; p=reject");
	desk_domain(desk, "evil.example", "v=DMARC1; p=reject");
	desk_domain(desk, BUECHER, "v=DMARC1; p=quarantine");
	desk_domain(desk, "example.net", "v=DMARC1; p=none");
	desk_domain(desk, "work.example", NULL);
	script_txt(desk->script, "example.org", "v=spf1 ip4:" DESK_KNOWN_IP
		   " -all");
	script_txt(desk->script, "example.net", "v=spf1 ip4:" DESK_KNOWN_IP
		   " -all");
	script_txt(desk->script, "evil.example", "v=spf1 ip4:" DESK_EVIL_IP
		   " -all");
	desk_contact(desk, "alice@example.org", "Alice Harper", 1);
	desk_contact(desk, "alice@work.example", "Alice Harper", 1);
	desk_contact(desk, "bo@example.net", "Bo Lind", 2);
	desk_contact(desk, "jm@" BUECHER, "J\xC3\xBCrgen M\xC3\xBCller", 3);
}

int desk_set_up(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	must(desk != NULL, "no memory");
	prepare();
	desk->arena = arena_new(ARENA);
	must(desk->arena != NULL, "no memory");
	desk->script = script_resolver_new();
	desk->deadline_ms = DEADLINE_MS;
	desk->world.now = DESK_NOW;
	desk->world.policy.require_policy = true;
	desk->world.relays.names = border;
	desk->world.relays.count = 1;
	desk->world.authservs = desk->world.relays;
	furnish(desk);
	*state = desk;
	return 0;
}

int desk_tear_down(void **state)
{
	struct desk *desk = *state;

	contacts_free(desk->contacts);
	script_resolver_free(desk->script);
	arena_free(desk->arena);
	free(desk);
	return 0;
}

const char *desk_sign_as(struct desk *desk,
			 const struct dkim_sign_options *options,
			 const char *message)
{
	struct dkim_sign_options mine = *options;
	const char *out;
	char *signature;

	if (mine.key == NULL)
		mine.key = key;
	signature = dkim_sign(message, &mine);
	out = desk_print(desk, "%s", signature);
	free(signature);
	return out;
}

const char *desk_sign(struct desk *desk, const char *domain,
		      const char *message)
{
	struct dkim_sign_options options;

	memset(&options, 0, sizeof(options));
	options.domain = domain;
	return desk_sign_as(desk, &options, message);
}

const char *desk_border(struct desk *desk, const char *client_ip,
			const char *helo, const char *mail_from)
{
	return desk_print(desk, "Return-Path: <%s>\r\n"
			  "Received: from %s (unknown [%s])\r\n"
			  "\tby mx.user.example (Postfix) with ESMTPS id 1A2B"
			  "\r\n\tfor <me@user.example>; " DESK_DATE "\r\n",
			  mail_from, helo, client_ip);
}

static const char *word(const struct value *report, const char *part,
			const char *key_in_it)
{
	const struct value *dict = value_find(report, part, VALUE_DICT);

	return dict == NULL ? NULL : value_text(dict, key_in_it);
}

struct desk_answer desk_check_bytes(struct desk *desk, struct bytes message)
{
	struct memfile file = { message, message.len, false, -1 };
	struct desk_answer answer;
	struct dns_request *request;
	struct value *report = NULL;
	const struct value *reasons;

	memset(&answer, 0, sizeof(answer));
	request = dns_request_new(script_resolver_door(desk->script),
				  clock_now_ms() + desk->deadline_ms);
	must(request != NULL, "no memory");
	must(check_message(desk->arena, &file, &desk->options, &desk->world,
			   request, &report) == 0 && report != NULL,
	     "no report");
	dns_request_free(request);
	answer.report = report;
	answer.verdict = value_text(report, "verdict");
	answer.display = value_text(report, "display");
	answer.shown_from = value_text(report, "shown_from");
	answer.proof = value_text(report, "proof");
	answer.integrity = value_text(report, "integrity");
	answer.dmarc = word(report, "dmarc", "result");
	answer.spf = word(report, "spf", "result");
	answer.address = word(report, "from", "address");
	answer.name = word(report, "from", "display_name");
	reasons = value_find(report, "reasons", VALUE_LIST);
	must(answer.verdict != NULL && answer.display != NULL &&
	     answer.shown_from != NULL && reasons != NULL &&
	     reasons->first != NULL, "the report lacks a key");
	answer.code = value_text(reasons->first, "code");
	return answer;
}

struct desk_answer desk_check(struct desk *desk, const char *message)
{
	return desk_check_bytes(desk, bytes_of(message));
}

bool desk_has_reason(const struct desk_answer *answer, const char *code)
{
	const struct value *reasons = value_find(answer->report, "reasons",
						 VALUE_LIST);
	const struct value *one;

	for (one = reasons->first; one != NULL; one = one->next)
		if (strcmp(value_text(one, "code"), code) == 0)
			return true;
	return false;
}

/* shown_from is "Name <address>" or the address alone; '<' of an address or
 * name itself was made harmless. */
bool desk_hides_name(const struct desk_answer *answer)
{
	return strcmp(answer->display, "name") != 0 &&
	       strchr(answer->shown_from, '<') == NULL;
}
