/* test_false_alarms.c - real mail, with its keys in DNS and its sender known
 *
 * The genuine messages of all corpora of the conformance data: each is judged
 * an hour after its Date, its From is in the address book, and its domain
 * asks for p=reject, so that a proof that is lost on the way is "spoofed".
 * What does not come out genuine stands in the table with the reason; a
 * message that is in no table must be genuine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <jansson.h>

#include "agent/base/arena.h"
#include "agent/mail/author.h"
#include "agent/mail/date.h"
#include "agent/mail/domain.h"
#include "agent/mail/message.h"
#include "agent/mail/taglist.h"
#include "tests/flow/desk.h"

#define ROOT	MAILSEAL_CONFORMANCE_DIR "/"
#define FILE_MAX (8 * 1024 * 1024)
#define SKIPPED	77

static struct bytes file_read(struct desk *desk, const char *path)
{
	struct bytes out = { NULL, 0 };
	unsigned char *to = arena_alloc(desk->arena, FILE_MAX);
	FILE *file = fopen(desk_print(desk, ROOT "%s", path), "rb");

	assert_non_null(to);
	if (file == NULL)
		fail_msg("%s is not there", path);
	out.data = to;
	out.len = fread(to, 1, FILE_MAX, file);
	(void)fclose(file);
	return out;
}

static bool has_txt(struct desk *desk, const char *name)
{
	struct dns_request *request = dns_request_new(
		script_resolver_door(desk->script), INT64_MAX);
	bool has = dns_await(dns_ask(request, name, DNS_TXT))->state ==
		   DNS_HAVE;

	dns_request_free(request);
	return has;
}

static void txt_once(struct desk *desk, const char *name, const char *text)
{
	if (!has_txt(desk, name))
		script_txt(desk->script, name, text);
}

/* { "name": { "TXT": [ "..." ] } } */
static void keys_of_json(struct desk *desk, const char *path)
{
	json_t *root = json_load_file(desk_print(desk, ROOT "%s", path), 0,
				      NULL), *record, *text;
	const char *name;
	size_t i;

	assert_non_null(root);
	json_object_foreach(root, name, record)
		json_array_foreach(json_object_get(record, "TXT"), i, text)
			txt_once(desk, name, json_string_value(text));
	json_decref(root);
}

/* "name text" lines; returns what follows the gap, if they end there. */
enum ends { ENDS_AT_GAP, ENDS_NEVER };

static struct bytes keys_of_lines(struct desk *desk, struct bytes lines,
				  enum ends ends)
{
	struct bytes line, name, text;

	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		line = bytes_trim(line);
		if (line.len == 0 && ends == ENDS_AT_GAP)
			break;
		if (line.len == 0 || line.data[0] == '#' ||
		    !bytes_cut(line, ' ', &name, &text))
			continue;
		text = bytes_trim(text);
		if (text.len > 0 && !bytes_starts(text, "~~") &&
		    !bytes_is(text, "NXDOMAIN") &&
		    domain_is_valid(name, DOMAIN_LDH_OR_UNDERSCORE))
			txt_once(desk, arena_text(desk->arena, name),
				 arena_text(desk->arena, text));
	}
	return lines;
}

/* What stands in quotes, joined; as master files have TXT records. */
static const char *quoted(struct desk *desk, struct bytes text)
{
	struct bytes piece, rest = text;
	const char *out = "";

	while (bytes_cut(rest, '"', &piece, &rest)) {
		(void)bytes_cut(rest, '"', &piece, &rest);
		out = desk_print(desk, "%s%.*s", out, (int)piece.len,
				 (const char *)piece.data);
	}
	return out;
}

/* TXT records of a master file (name, TTL, IN, TXT, strings) or of rspamd's
 * list (name, tab, txt, tabs, string). */
static void keys_of_zone(struct desk *desk, struct bytes lines)
{
	struct bytes line, name, rest;
	size_t i;

	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		for (i = 0; i < line.len && !byte_is_blank(line.data[i]); i++)
			;
		name = bytes_slice(line, 0, i);
		rest = bytes_slice(line, i, line.len);
		if (name.len > 0 && name.data[name.len - 1] == '.')
			name.len--;
		if (!domain_is_valid(name, DOMAIN_LDH_OR_UNDERSCORE) ||
		    bytes_find(rest, '"') == rest.len)
			continue;
		rest = bytes_slice(rest, 0, bytes_find(rest, '"'));
		if (rest.len >= 3 && memmem(rest.data, rest.len, "\tTXT", 4) ==
		    NULL && memmem(rest.data, rest.len, "\ttxt", 4) == NULL)
			continue;
		txt_once(desk, arena_text(desk->arena, name),
			 quoted(desk, line));
	}
}

/* PEM of a public key. */
static void key_of_pem(struct desk *desk, const char *name, const char *path)
{
	struct bytes lines = file_read(desk, path), line;
	const char *text = "v=DKIM1; k=rsa; p=";

	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		if (!bytes_starts(line, "-----"))
			text = desk_print(desk, "%s%.*s", text, (int)line.len,
					  (const char *)line.data);
	}
	txt_once(desk, name, text);
}

enum keys { KEYS_NONE, KEYS_LIESER, KEYS_LINES, KEYS_PERL, KEYS_MIMEKIT,
	    KEYS_RSPAMD, KEYS_MILTER };

/* Publishes the keys that go with a corpus; returns the message itself. */
static struct bytes keys_publish(struct desk *desk, enum keys keys,
				 struct bytes raw)
{
	switch (keys) {
	case KEYS_LIESER:
		keys_of_json(desk, "dkim_verifier/dns.json");
		break;
	case KEYS_LINES:
		return keys_of_lines(desk, raw, ENDS_AT_GAP);
	case KEYS_PERL:
		(void)keys_of_lines(desk, file_read(desk,
				"dkim_mail-dkim/FAKE_DNS.dat"), ENDS_NEVER);
		break;
	case KEYS_MIMEKIT:
		keys_of_json(desk, "dkim_verifier/dns.json");
		key_of_pem(desk, "20120113._domainkey.gmail.com",
			   "mimekit/gmail.pub");
		key_of_pem(desk, "1433868189.example._domainkey.example.com",
			   "mimekit/example.pub");
		break;
	case KEYS_RSPAMD:
		keys_of_zone(desk, file_read(desk, "rspamd/fake_records.txt"));
		break;
	case KEYS_MILTER:
		keys_of_zone(desk, file_read(desk,
				"authentication_milter/zonefile"));
		break;
	case KEYS_NONE:
		break;
	}
	return raw;
}

/* An hour after its Date, or a minute after it was signed. */
static int64_t when_it_came(struct desk *desk, const struct message *message)
{
	const struct field *field = message_find(message, "Date", 0);
	const struct tag *t;
	struct taglist tags;
	int64_t when = -1;
	size_t i;

	if (field != NULL)
		when = date_parse(field_unfold(desk->arena, field));
	when = when > 0 ? when + 3600 : DESK_NOW;
	for (i = 0; (field = message_find(message, "DKIM-Signature", i)) !=
		    NULL; i++)
		if (taglist_parse(desk->arena, field->value, &tags) == 0 &&
		    (t = taglist_find(&tags, "t")) != NULL &&
		    bytes_number(t->value) > when)
			when = bytes_number(t->value) + 60;
	return when;
}

struct letter {
	enum keys keys;
	const char *path;
	const char *verdict;
	const char *why;	/* it is not genuine; NULL: it is */
	const char *border;	/* trusted-relay and trusted-authserv */
	const char *txt, *record;	/* one more TXT record */
	bool no_policy;		/* the domain publishes none */
};

static void judge(struct desk *desk, const struct letter *letter)
{
	struct bytes raw = keys_publish(desk, letter->keys,
					file_read(desk, letter->path));
	struct message *message;
	struct desk_answer answer;
	struct author author;

	assert_int_equal(message_parse(desk->arena, raw, &message), 0);
	assert_int_equal(author_read(desk->arena, message, &author), 0);
	assert_non_null(author.domain);
	desk_contact(desk, author.address, "", 99);
	if (letter->txt != NULL)
		txt_once(desk, letter->txt, letter->record);
	if (!letter->no_policy)
		txt_once(desk, desk_print(desk, "_dmarc.%s",
				domain_registrable(author.domain)),
			 "v=DMARC1; p=reject");
	if (letter->border != NULL) {
		desk->world.relays.names = &letter->border;
		desk->world.authservs.names = &letter->border;
	}
	desk->world.now = when_it_came(desk, message);
	answer = desk_check_bytes(desk, raw);
	if (strcmp(answer.verdict, letter->verdict) != 0)
		fail_msg("%s: %s, %s, not %s", letter->path, answer.verdict,
			 answer.code, letter->verdict);
	if (letter->why != NULL)
		print_message("%s: %s: %s\n", letter->path, answer.verdict,
			      letter->why);
	else
		assert_string_equal(answer.display, "name");
}

#define GENUINE(keys, path) \
	{ keys, path, "genuine", NULL, NULL, NULL, NULL, false }

static const struct letter letters[] = {
	GENUINE(KEYS_LIESER, "dkim_verifier/rfc6376-A.2.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/rfc8463-A.3.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/rfc6376-A.2-ill_formed-list_id"
		".eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/original/Fastmail from Amazon - "
		"Verify your new Amazon account.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/original/Fastmail from CNN - "
		"Thanks for subscribing to 5 Things.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/original/Fastmail from CNN - "
		"Welcome to CNN Breaking News.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/original/Fastmail from Fastmail - "
		"How to keep your email private.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/original/Fastmail from Fastmail - "
		"Welcome! Get set up in 3 steps..eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/bimi/rfc6376-A.2-with_bimi.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"alignment-from_not_in_auid.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"alignment-signed_by_parent_domain.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"flags_s-auid_and_sdid_match.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"header_with_non_ascii_char.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"time-received_after_creation.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"time-received_briefly_before_creation.eml"),
	{ KEYS_LIESER, "dkim_verifier/dkim/unsigned_header-content-type.eml",
	  "authenticated", "its unsigned Content-Type names parts that its "
	  "text has not", NULL, NULL, NULL, false },
	GENUINE(KEYS_LIESER, "dkim_verifier/dkim/"
		"unsigned_header-reply_to-in_domain.eml"),
	{ KEYS_LIESER, "dkim_verifier/dkim/unsigned_header-reply_to-invalid"
	  ".eml", "authenticated", "an unsigned Reply-To that cannot be read",
	  NULL, NULL, NULL, false },
	GENUINE(KEYS_LIESER, "dkim_verifier/arh/rfc6376-A.2-arh-failed.eml"),
	GENUINE(KEYS_LIESER, "dkim_verifier/arh/rfc6376-A.2-arh-valid.eml"),
	GENUINE(KEYS_LINES, "mail-auth/dkim/001.txt"),
	GENUINE(KEYS_LINES, "mail-auth/dkim/002.txt"),
	{ KEYS_LINES, "mail-auth/dkim/003.txt", "unverified", "a mailing list "
	  "signed it, not the author's domain, which has no policy", NULL,
	  NULL, NULL, true },
	GENUINE(KEYS_LINES, "mail-auth/dkim/004.txt"),
	GENUINE(KEYS_LINES, "mail-auth/dkim/005.txt"),
	GENUINE(KEYS_LINES, "mail-auth/dkim/006.txt"),
	GENUINE(KEYS_LINES, "mail-auth/arc/002.txt"),
	GENUINE(KEYS_MIMEKIT, "mimekit/gmail.msg"),
	GENUINE(KEYS_MIMEKIT, "mimekit/related.msg"),
	GENUINE(KEYS_MIMEKIT, "mimekit/multipart-no-end-boundary.msg"),
	GENUINE(KEYS_MIMEKIT, "mimekit/rfc8463-example.msg"),
	GENUINE(KEYS_RSPAMD, "rspamd/dkim_sigs_at_limit.eml"),
	GENUINE(KEYS_RSPAMD, "rspamd/dkim_many_sigs.eml"),
	GENUINE(KEYS_RSPAMD, "rspamd/dmarc/dkim_unknown_tags.eml"),
	GENUINE(KEYS_MILTER, "authentication_milter/source/google_apps_good"
		".eml"),
	GENUINE(KEYS_MILTER, "authentication_milter/source/google_apps_good_"
		"case.eml"),
	GENUINE(KEYS_MILTER, "authentication_milter/source/google_apps_good_"
		"sanitize.eml"),
	GENUINE(KEYS_MILTER, "authentication_milter/source/google_apps_noxgdkim"
		".eml"),
	GENUINE(KEYS_PERL, "dkim_mail-dkim/corpus/goodkey_ed25519.txt"),
	/* keys that are gone: what is left is the border, and it suffices */
	{ KEYS_NONE, "mailauth/authtest.eml", "authenticated", "its key is "
	  "gone; the border's address is the domain's", "mx.google.com",
	  "ekiri.ee", "v=spf1 ip4:217.146.67.33 -all", false },
	{ KEYS_NONE, "mailauth/zbimi.eml", "authenticated", "its key is gone; "
	  "the border's address is the domain's", "mx.google.com",
	  "zone.ee", "v=spf1 ip4:85.234.244.117 -all", false },
	{ KEYS_NONE, "mailauth/zproov.eml", "authenticated", "its key is gone;"
	  " the border's address is the domain's", "zonemx.eu",
	  "gmail.com", "v=spf1 ip4:209.85.128.0/17 -all", false },
	/* the same without a border: only the policy is left */
	{ KEYS_NONE, "mailauth/zproov.eml", "spoofed", "its key is gone, and "
	  "no relay is trusted", NULL, NULL, NULL, false },
	/* sent on by a forwarder with its own envelope */
	{ KEYS_NONE, "mailauth/arc-pass.eml", "spoofed", "its key is gone, and "
	  "a forwarder stands between", "mx.google.com", "tr.ee",
	  "v=spf1 ip4:209.85.220.0/24 -all", false },
};

static void every_letter_is_judged(void **state)
{
	size_t i, genuine = 0;

	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		judge(*state, &letters[i]);
		genuine += letters[i].why == NULL;
		(void)desk_tear_down(state);
		(void)desk_set_up(state);
	}
	print_message("%zu genuine of %zu\n", genuine, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(every_letter_is_judged),
	};
	FILE *there = fopen(ROOT "dkim_verifier/dns.json", "r");

	if (there == NULL) {
		printf("skipped: no conformance data\n");
		return SKIPPED;
	}
	(void)fclose(there);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
