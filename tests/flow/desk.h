/* desk.h - one user's desk for tests of the journey: DNS, a book, a clock
 *
 * Built anew for every test.  What is on it at the beginning:
 *
 *   contacts     Alice Harper <alice@example.org>, <alice@work.example>
 *                Bo Lind <bo@example.net>
 *                Jürgen Müller <jm@bücher.example>
 *   policies     p=reject: example.org, example.com, evil.example;
 *                p=quarantine: bücher.example; p=none: example.net;
 *                no DMARC record: work.example
 *   keys         lab._domainkey of all of these, one Ed25519 key
 *   SPF          example.org, example.net: 192.0.2.10 alone;
 *                evil.example: 203.0.113.66 alone
 *   border       trusted-relay and trusted-authserv mx.user.example
 *
 * Everything can be changed through the members before a check. */
#ifndef MAILSEAL_TESTS_DESK_H
#define MAILSEAL_TESTS_DESK_H

#include "agent/base/bytes.h"
#include "agent/flow/check.h"
#include "tests/lab/dkim_signer.h"
#include "tests/lab/script_resolver.h"

#define DESK_NOW	1772445600	/* 2026-03-02 10:00:00 UTC */
#define DESK_DATE	"Mon, 2 Mar 2026 10:00:00 +0000"
#define DESK_KNOWN_IP	"192.0.2.10"
#define DESK_EVIL_IP	"203.0.113.66"

#define DESK_DOMAINS_MAX 256

struct desk {
	struct arena *arena;		/* of the desk and all its answers */
	struct script_resolver *script;
	struct world world;
	struct check_options options;	/* nothing at first */
	unsigned deadline_ms;		/* for DNS; far away at first */
	/* the rest is desk.c's */
	struct contacts *contacts;
	struct desk_person *people;
	const char *domains[DESK_DOMAINS_MAX];
	size_t domain_count;
};

/* As cmocka wants them; *state is the desk. */
int desk_set_up(void **state);
int desk_tear_down(void **state);
#define DESK_TEST(test) \
	cmocka_unit_test_setup_teardown(test, desk_set_up, desk_tear_down)

/* One more entry in the book; `person` joins addresses, 1 to 3 are taken. */
void desk_contact(struct desk *desk, const char *address, const char *name,
		  unsigned person);

/* A key and a DMARC record (NULL: none) for one more domain; nothing for one
 * that was given already. */
void desk_domain(struct desk *desk, const char *domain, const char *dmarc);

/* printf into the desk's arena. */
const char *desk_print(struct desk *desk, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* `text` with every LF as `end`, LF or CRLF. */
const char *desk_lines(struct desk *desk, const char *text, const char *end);

/* The message with a signature of `domain` on top; by the defaults of
 * dkim_signer.h, From, To, Subject and Date are signed. */
const char *desk_sign(struct desk *desk, const char *domain,
		      const char *message);
/* Anything but the key may be set; key NULL: the desk's. */
const char *desk_sign_as(struct desk *desk,
			 const struct dkim_sign_options *options,
			 const char *message);

/* The Return-Path and Received of the border, to be put on top. */
const char *desk_border(struct desk *desk, const char *client_ip,
			const char *helo, const char *mail_from);

struct desk_answer {
	const char *verdict;		/* "genuine", ... */
	const char *display;		/* "name", "address", "warning" */
	const char *shown_from;
	const char *code;		/* of the deciding reason */
	const char *proof, *integrity, *dmarc, *spf;	/* or NULL */
	const char *address, *name;	/* from; or NULL */
	const struct value *report;
};

struct desk_answer desk_check(struct desk *desk, const char *message);
/* For messages that hold NUL. */
struct desk_answer desk_check_bytes(struct desk *desk, struct bytes message);

bool desk_has_reason(const struct desk_answer *answer, const char *code);

/* No name is shown: neither display nor shown_from gives one away. */
bool desk_hides_name(const struct desk_answer *answer);

#endif
