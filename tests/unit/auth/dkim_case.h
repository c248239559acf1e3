/* dkim_case.h - one message through dkim.h, for the tests beside this file */
#ifndef MAILSEAL_TESTS_DKIM_CASE_H
#define MAILSEAL_TESTS_DKIM_CASE_H

#include <stdlib.h>
#include <string.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/clock.h"
#include "agent/mail/message.h"
#include "tests/lab/dkim_signer.h"
#include "tests/lab/script_resolver.h"

#define CASE_NOW	1767225600	/* 2026-01-01 */

static const char case_message[] =
	"Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n"
	"From: Alice <alice@example.org>\r\n"
	"To: bob@example.net\r\n"
	"Subject: two  words\r\n"
	"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
	"Message-ID: <1@example.org>\r\n"
	"\r\n"
	"Hello  Bob, \r\n"
	"\r\n"
	"goodbye.\r\n"
	"\r\n";

enum case_key { CASE_RSA, CASE_ED25519, CASE_RSA_1024, CASE_RSA_512,
		CASE_RSA_1023, CASE_KEYS };

struct dkim_case {
	struct dkim_lab_key *keys[CASE_KEYS];
	struct script_resolver *script;
	struct arena *arena;
	struct dns_request *request;
	struct dkim_input input;
	struct dkim_findings found;
};

static inline struct dkim_case *case_new(void)
{
	struct dkim_case *one = calloc(1, sizeof(*one));

	if (one == NULL)
		abort();
	one->keys[CASE_RSA] = dkim_lab_key_new(DKIM_LAB_RSA, 2048);
	one->keys[CASE_ED25519] = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	one->keys[CASE_RSA_1024] = dkim_lab_key_new(DKIM_LAB_RSA, 1024);
	one->keys[CASE_RSA_512] = dkim_lab_key_new(DKIM_LAB_RSA, 512);
	one->keys[CASE_RSA_1023] = dkim_lab_key_new(DKIM_LAB_RSA, 1023);
	return one;
}

/* Ends what case_start() began. */
static inline void case_end(struct dkim_case *one)
{
	dns_request_free(one->request);
	one->request = NULL;
	script_resolver_free(one->script);
	one->script = NULL;
	arena_free(one->arena);
	one->arena = NULL;
}

static inline void case_free(struct dkim_case *one)
{
	size_t i;

	case_end(one);
	for (i = 0; i < CASE_KEYS; i++)
		dkim_lab_key_free(one->keys[i]);
	free(one);
}

/* A new table of DNS answers. */
static inline void case_start(struct dkim_case *one)
{
	case_end(one);
	memset(&one->input, 0, sizeof(one->input));
	one->input.author_domain = "example.org";
	one->input.now = one->input.arrived = CASE_NOW;
	one->arena = arena_new(16 * 1024 * 1024);
	one->script = script_resolver_new();
	if (one->arena == NULL || one->script == NULL)
		abort();
}

/* `record` with "@" as the key's p=. */
static inline void case_record(struct dkim_case *one, const char *name,
			       const char *record, enum case_key key,
			       enum dkim_lab_form form)
{
	char *p = dkim_lab_key_p(one->keys[key], form);
	struct buf text;

	buf_init(&text, 65536);
	for (; *record != 0; record++)
		if (*record == '@')
			buf_text(&text, p);
		else
			buf_byte(&text, (unsigned char)*record);
	script_txt(one->script, name, buf_string(&text));
	buf_free(&text);
	free(p);
}

static inline void case_right_record(struct dkim_case *one, enum case_key key)
{
	case_record(one, "lab._domainkey.example.org",
		    key == CASE_ED25519 ? "v=DKIM1; k=ed25519; p=@" :
					  "v=DKIM1; k=rsa; p=@",
		    key, DKIM_LAB_SPKI);
}

/* Looks at the message; the first signature's finding. */
static inline const struct dkim_finding *case_check(struct dkim_case *one,
						    const char *text)
{
	struct message *message = NULL;
	struct bytes raw = arena_bytes(one->arena, bytes_of(text));
	struct dkim_check *check;

	if (message_parse(one->arena, raw, &message) < 0)
		abort();
	one->input.message = message;
	dns_request_free(one->request);
	one->request = dns_request_new(script_resolver_door(one->script),
				       clock_now_ms() + 60000);
	check = dkim_start(one->arena, one->request, &one->input);
	if (check == NULL)
		abort();
	dkim_finish(check, &one->found);
	return &one->found.list[0];
}

/* A copy with the first `old` replaced; in the case's arena. */
static inline const char *case_replace(struct dkim_case *one, const char *text,
				       const char *old, const char *with)
{
	const char *at = strstr(text, old);

	if (at == NULL)
		abort();
	return arena_print(one->arena, "%.*s%s%s", (int)(at - text), text,
			   with, at + strlen(old));
}

#endif
