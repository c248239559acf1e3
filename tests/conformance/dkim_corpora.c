/* dkim_corpora.c - signed messages of three other verifiers' test suites
 *
 *   dkim_corpora [-v]    -v: every message with its findings
 *
 * dkim_verifier: RFC 6376 A.2, RFC 8463 A.3, variants of both and real mail;
 * mail-dkim: a corpus since 2005, much of it from before RFC 4871; mail-auth:
 * real mail with its keys.  A message passes when a signature of it does.
 * Where we disagree on purpose a table says why. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/mail/message.h"
#include "tests/lab/script_resolver.h"

#define ARENA		(32 * 1024 * 1024)
#define SKIPPED		77
#define DEADLINE	2000		/* milliseconds */
#define FILE_MOST	(1024 * 1024)
#define LATER		1740000000	/* after everything but expiries */

struct seen {
	bool passed;
	enum integrity integrity;	/* of the first that passed */
	const char *code;		/* of the first that did not; "none" */
};

struct run {
	const char *root;
	bool verbose;
	unsigned right, explained, wrong;
	int64_t arrived, now;
	const char *author;
	struct script_resolver *script;
	struct arena *arena;
};

static struct bytes file_read(struct run *run, const char *folder,
			      const char *name)
{
	char *path = arena_print(run->arena, "%s/%s/%s", run->root, folder,
				 name);
	unsigned char *data = arena_alloc(run->arena, FILE_MOST);
	struct bytes out = { data, 0 };
	FILE *file = path == NULL ? NULL : fopen(path, "rb");

	if (file == NULL || data == NULL) {
		(void)fprintf(stderr, "cannot read %s/%s\n", folder, name);
		exit(1);
	}
	out.len = fread(data, 1, FILE_MOST, file);
	(void)fclose(file);
	return out;
}

static void start(struct run *run)
{
	run->arena = arena_new(ARENA);
	run->script = script_resolver_new();
	if (run->arena == NULL || run->script == NULL)
		exit(1);
}

static void end(struct run *run)
{
	script_resolver_free(run->script);
	arena_free(run->arena);
}

static const char *or_fine(const char *code)
{
	return code == NULL ? "fine" : code;
}

static struct seen look(struct run *run, const char *name, struct bytes raw)
{
	struct seen seen = { false, INTEGRITY_UNKNOWN, NULL };
	struct dns_request *request;
	struct dkim_findings found;
	struct dkim_check *check;
	struct dkim_input input;
	size_t i;

	memset(&input, 0, sizeof(input));
	memset(&found, 0, sizeof(found));
	input.author_domain = run->author;
	input.arrived = run->arrived;
	input.now = run->now;
	request = dns_request_new(script_resolver_door(run->script),
				  clock_now_ms() + DEADLINE);
	if (message_parse(run->arena, raw,
			  (struct message **)(void *)&input.message) == 0) {
		check = dkim_start(run->arena, request, &input);
		if (check != NULL)
			dkim_finish(check, &found);
	}
	for (i = 0; i < found.count; i++) {
		if (run->verbose)
			printf("%s: d=%s: %d, %s, integrity %d\n", name,
			       found.list[i].domain == NULL ? "?" :
			       found.list[i].domain, (int)found.list[i].result,
			       or_fine(found.list[i].code),
			       (int)found.list[i].integrity);
		if (found.list[i].result == RESULT_PASS && !seen.passed) {
			seen.passed = true;
			seen.integrity = found.list[i].integrity;
		} else if (found.list[i].result != RESULT_PASS &&
			   seen.code == NULL) {
			seen.code = arena_text(run->arena,
					       bytes_of(found.list[i].code));
		}
	}
	if (found.count == 0)
		seen.code = "none";
	dns_request_free(request);
	return seen;
}

/* --- dkim_verifier */

struct expected {
	const char *file, *author;
	enum integrity integrity;	/* UNKNOWN: it must not pass */
	const char *code;		/* of a signature that must not */
};

#define EXAMPLE "football.example.com"

static const struct expected dkim_verifier[] = {
	{ "rfc6376-A.2.eml", EXAMPLE, INTEGRITY_WHOLE, NULL },
	{ "rfc6376-A.2-body_modified.eml", EXAMPLE, INTEGRITY_UNKNOWN,
	  "body-hash-mismatch" },
	{ "rfc6376-A.2-header_subject_modified.eml", EXAMPLE,
	  INTEGRITY_UNKNOWN, "signature-mismatch" },
	{ "rfc6376-A.2-ill_formed-list_id.eml", EXAMPLE, INTEGRITY_WHOLE,
	  NULL },
	{ "rfc6376-A.2-ill_formed-missing_v.eml", EXAMPLE, INTEGRITY_UNKNOWN,
	  "signature-syntax" },
	{ "rfc8463-A.3.eml", EXAMPLE, INTEGRITY_WHOLE, NULL },
	{ "rfc8463-A.3-key_algo_mismatch.eml", EXAMPLE, INTEGRITY_UNKNOWN,
	  "key-mismatch" },
	{ "fakePayPal.eml", "paypal.com", INTEGRITY_UNKNOWN, "none" },
	{ "ill_formed-from.eml", NULL, INTEGRITY_UNKNOWN, "none" },
	{ "dkim/added_header-date.eml", EXAMPLE, INTEGRITY_TAMPERED, NULL },
	{ "dkim/added_header-from.eml", EXAMPLE, INTEGRITY_TAMPERED, NULL },
	{ "dkim/added_header-subject.eml", EXAMPLE, INTEGRITY_TAMPERED, NULL },
	{ "dkim/added_header-to.eml", EXAMPLE, INTEGRITY_TAMPERED, NULL },
	{ "dkim/alignment-from_not_in_auid.eml", EXAMPLE, INTEGRITY_WHOLE,
	  NULL },
	{ "dkim/alignment-from_not_in_sdid.eml", "football.example.net",
	  INTEGRITY_WHOLE, NULL },
	{ "dkim/alignment-signed_by_parent_domain.eml", EXAMPLE,
	  INTEGRITY_WHOLE, NULL },
	{ "dkim/flags_s-auid_and_sdid_match.eml", EXAMPLE, INTEGRITY_WHOLE,
	  NULL },
	{ "dkim/flags_s-auid_is_subdomain_of_sdid.eml", EXAMPLE,
	  INTEGRITY_UNKNOWN, "identity-outside" },
	{ "dkim/header_with_non_ascii_char.eml", EXAMPLE, INTEGRITY_WHOLE,
	  NULL },
	{ "dkim/time-received_after_creation.eml", EXAMPLE, INTEGRITY_WHOLE,
	  NULL },
	{ "dkim/time-received_briefly_before_creation.eml", EXAMPLE,
	  INTEGRITY_WHOLE, NULL },
	/* t= is compared with our clock, not with a Received line */
	{ "dkim/time-received_long_before_creation.eml", EXAMPLE,
	  INTEGRITY_WHOLE, NULL },
	/* names parts that the text has not */
	{ "dkim/unsigned_header-content-type.eml", EXAMPLE, INTEGRITY_PARTLY,
	  NULL },
	{ "dkim/unsigned_header-reply_to-in_domain.eml", EXAMPLE,
	  INTEGRITY_WHOLE, NULL },
	{ "dkim/unsigned_header-reply_to-invalid.eml", EXAMPLE,
	  INTEGRITY_PARTLY, NULL },
	{ "dkim/unsigned_header-reply_to-not_in_domain.eml", EXAMPLE,
	  INTEGRITY_TAMPERED, NULL },
	{ "original/Fastmail from Amazon - Verify your new Amazon account.eml",
	  "amazon.com", INTEGRITY_WHOLE, "key-unavailable" },
	{ "original/Fastmail from CNN - Thanks for subscribing to 5 Things.eml",
	  "newsletters.cnn.com", INTEGRITY_WHOLE, NULL },
	{ "original/Fastmail from CNN - Welcome to CNN Breaking News.eml",
	  "emailalerts.cnn.com", INTEGRITY_WHOLE, NULL },
	{ "original/Fastmail from Fastmail - How to keep your email private."
	  "eml", "fastmail.com", INTEGRITY_WHOLE, "key-unavailable" },
	{ "original/Fastmail from Fastmail - Welcome! Get set up in 3 steps.."
	  "eml", "fastmail.com", INTEGRITY_WHOLE, "key-unavailable" },
};

static void keys_of_json(struct run *run)
{
	char *path = arena_print(run->arena, "%s/dkim_verifier/dns.json",
				 run->root);
	json_t *root = json_load_file(path, 0, NULL), *record, *text;
	const char *name;
	size_t i;

	json_object_foreach(root, name, record)
		json_array_foreach(json_object_get(record, "TXT"), i, text)
			script_txt(run->script, name, json_string_value(text));
	json_decref(root);
}

static void run_dkim_verifier(struct run *run)
{
	const struct expected *one;
	struct seen seen;
	bool fine;
	size_t i;

	run->arrived = 1698096190;	/* when the real ones came */
	run->now = LATER;
	for (i = 0; i < sizeof(dkim_verifier) / sizeof(*one); i++) {
		one = &dkim_verifier[i];
		start(run);
		keys_of_json(run);
		run->author = one->author;
		seen = look(run, one->file, file_read(run, "dkim_verifier",
						      one->file));
		fine = seen.integrity == one->integrity &&
		       seen.passed == (one->integrity != INTEGRITY_UNKNOWN) &&
		       (one->code == NULL) == (seen.code == NULL) &&
		       (one->code == NULL || strcmp(one->code,
						    seen.code) == 0);
		run->right += fine;
		run->wrong += !fine;
		if (!fine)
			printf("WRONG dkim_verifier/%s: %d, %s\n", one->file,
			       (int)seen.integrity, or_fine(seen.code));
		end(run);
	}
}

/* --- mail-dkim */

/* "pass" there, not for us: the code of the first signature, and what the
 * file must hold or lack so that this is indeed the reason. */
static const struct {
	const char *code, *holds, *lacks, *why;
} refused[] = {
	{ "none", "DomainKey-Signature:", "DKIM-Signature:",
	  "DomainKeys (RFC 4870), historic" },
	{ "weak-algorithm", "a=rsa-sha1", "a=rsa-sha256",
	  "rsa-sha1 proves nothing (RFC 8301)" },
	{ "weak-algorithm", "a=rsa-sha1", "v=1",
	  "rsa-sha1, and no v=1 in any signature" },
	{ "signature-syntax", "a=rsa-sha256", "v=1",
	  "a draft's signature without v=1 (RFC 6376 section 3.5)" },
};

static void keys_of_lines(struct run *run, struct bytes lines)
{
	struct bytes line, name, text;
	const char *key;

	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		line = bytes_trim(line);
		if (line.len == 0 || line.data[0] == '#' ||
		    !bytes_cut(line, ' ', &name, &text))
			continue;
		key = arena_text(run->arena, name);
		text = bytes_trim(text);
		if (bytes_is(text, "NXDOMAIN"))
			script_state(run->script, key, DNS_NXDOMAIN);
		else if (bytes_starts(text, "~~"))
			script_state(run->script, key, DNS_SILENT);
		else if (bytes_is(text, "\"\""))
			script_txt(run->script, key, "");
		else
			script_txt(run->script, key,
				   arena_text(run->arena, text));
	}
}

static bool holds(struct bytes text, const char *what)
{
	return text.len > 0 && memmem(text.data, text.len, what,
				      strlen(what)) != NULL;
}

static const char *why_refused(struct bytes text, const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (code != NULL && strcmp(code, refused[i].code) == 0 &&
		    holds(text, refused[i].holds) &&
		    !holds(text, refused[i].lacks))
			return refused[i].why;
	return NULL;
}

static void mail_dkim_one(struct run *run, const char *file, bool should_pass)
{
	struct bytes text;
	struct seen seen;
	const char *why;

	start(run);
	keys_of_lines(run, file_read(run, "dkim_mail-dkim", "FAKE_DNS.dat"));
	text = file_read(run, "dkim_mail-dkim/corpus", file);
	seen = look(run, file, text);
	why = why_refused(text, seen.code);
	run->right += seen.passed == should_pass;
	if (seen.passed != should_pass && should_pass && why != NULL) {
		run->explained++;
		printf("refused mail-dkim/%s: %s: %s\n", file, seen.code, why);
	} else if (seen.passed != should_pass) {
		run->wrong++;
		printf("WRONG mail-dkim/%s: %s, %s\n", file,
		       seen.passed ? "pass" : "no pass", or_fine(seen.code));
	}
	end(run);
}

static void run_mail_dkim(struct run *run)
{
	struct bytes lines, line, file, result;
	struct arena *mine;

	run->arrived = run->now = LATER;
	run->author = NULL;
	start(run);
	mine = run->arena;
	lines = file_read(run, "dkim_mail-dkim", "expected.tsv");
	script_resolver_free(run->script);
	while (lines.len > 0) {
		(void)bytes_cut(lines, '\n', &line, &lines);
		if (bytes_cut(line, '\t', &file, &result) &&
		    file.data[0] != '#')
			mail_dkim_one(run, arena_text(mine, file),
				      bytes_starts(result, "pass"));
	}
	arena_free(mine);
}

/* --- mail-auth */

static void run_mail_auth(struct run *run)
{
	struct bytes whole, rest, line;
	struct seen seen;
	char file[16];
	bool fine;
	unsigned i;

	/* The suite's own time is before one of them was signed. */
	run->arrived = run->now = 1667862801;
	run->author = NULL;
	for (i = 1; i <= 6; i++) {
		(void)snprintf(file, sizeof(file), "%03u.txt", i);
		start(run);
		whole = rest = file_read(run, "mail-auth/dkim", file);
		do {
			(void)bytes_cut(rest, '\n', &line, &rest);
		} while (bytes_trim(line).len > 0);
		keys_of_lines(run, bytes_slice(whole, 0, whole.len - rest.len));
		seen = look(run, file, rest);
		fine = seen.passed && seen.code == NULL;
		run->right += fine;
		run->wrong += !fine;
		if (!fine)
			printf("WRONG mail-auth/%s: %s\n", file,
			       or_fine(seen.code));
		end(run);
	}
}

static bool is_there(const char *root)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/dkim_verifier", root);
	return root[0] != 0 && access(path, R_OK) == 0;
}

int main(int argc, char **argv)
{
	struct run run;

	memset(&run, 0, sizeof(run));
	run.root = MAILSEAL_CONFORMANCE_DIR;
	run.verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	if (!is_there(run.root)) {
		printf("skipped: no conformance data\n");
		return SKIPPED;
	}
	dkim_prepare();
	run_dkim_verifier(&run);
	run_mail_dkim(&run);
	run_mail_auth(&run);
	printf("dkim: %u as expected, %u refused on purpose, %u wrong\n",
	       run.right, run.explained, run.wrong);
	return run.wrong > 0;
}
