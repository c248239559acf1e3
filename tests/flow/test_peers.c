/* test_peers.c - our DKIM beside libopendkim and dkimpy, on a mill's letters
 *
 *   test_peers [COUNT [SEED]]    more of them, by hand, and Mail::DKIM,
 *                                mailauth (by NODE_PATH) and rspamd too
 *
 * Each message gets a pass or none of every peer.  Where a peer differs from
 * us, our reason must be one that peer_excuses.c explains; anything else
 * fails.  The two that agree against us are not right by that: RFC 6376 is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/mail/message.h"
#include "tests/flow/letter_mill.h"
#include "tests/flow/peer_excuses.h"
#include "tests/lab/script_resolver.h"
#ifdef WITH_OPENDKIM
#include "tests/flow/peer_opendkim.h"
#endif

#define LETTERS		1000
#define SEED		20260302
#define PYTHON		"/usr/bin/python3"	/* Debian's, which has dkimpy */

static struct mill *mill;
static struct script_resolver *script;
static unsigned letter_count = LETTERS;
static uint64_t seed = SEED;
static bool by_hand;

/* RFC 5322 section 3.6, RFC 2045 section 3: at most one each. */
static bool stands_twice(const struct message *message)
{
	static const char *const once[] = {
		"Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc",
		"Message-ID", "In-Reply-To", "References", "Subject",
		"MIME-Version", "Content-Type", "List-Id"
	};
	size_t i;

	for (i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (message_count(message, once[i]) > 1)
			return true;
	return false;
}

static void judge(struct letter *letter, int64_t now)
{
	struct arena *arena = arena_new(16 * 1024 * 1024);
	struct dns_request *request;
	struct dkim_findings found;
	struct dkim_check *check;
	struct message *message;
	struct dkim_input input;
	const char *code = "none";
	size_t i;

	request = dns_request_new(script_resolver_door(script),
				  clock_now_ms() + 60000);
	memset(&input, 0, sizeof(input));
	memset(&found, 0, sizeof(found));
	input.now = input.arrived = now;
	input.author_domain = "example.org";
	if (message_parse(arena, bytes_of(letter->text), &message) == 0) {
		input.message = message;
		letter->from_twice = message_count(message, "From") +
				     message->hidden_from > 1;
		letter->no_from = message_count(message, "From") == 0;
		letter->stray_line = message->has_stray_line;
		letter->twice = stands_twice(message);
		for (i = 0; i < message->field_count; i++)
			letter->semicolon = letter->semicolon ||
				bytes_has(message->fields[i].name, ';');
		check = dkim_start(arena, request, &input);
		assert_non_null(check);
		dkim_finish(check, &found);
	}
	for (i = 0; i < found.count && !letter->ours; i++) {
		letter->ours = found.list[i].result == RESULT_PASS;
		code = letter->ours ? "pass" : found.list[i].code;
	}
	(void)snprintf(letter->code, sizeof(letter->code), "%s", code);
	dns_request_free(request);
	arena_free(arena);
}

#ifdef WITH_OPENDKIM
static const char *key_of(const char *selector, const char *domain)
{
	return mill_key(mill, selector, domain);
}
#endif

static void put_letters(const char *folder, const struct letter *letters)
{
	char path[512];
	unsigned char head[4];
	size_t len;
	unsigned i;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/keys", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	for (i = 0; i < MILL_KEYS; i++)
		(void)fprintf(file, "%s %s\n", mill_key_name(i),
			      mill_key_record(mill, i));
	(void)fclose(file);
	(void)snprintf(path, sizeof(path), "%s/letters", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	for (i = 0; i < letter_count; i++) {
		len = strlen(letters[i].text);
		head[0] = (unsigned char)(len >> 24);
		head[1] = (unsigned char)(len >> 16);
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		(void)fwrite(head, 1, 4, file);
		(void)fwrite(letters[i].text, 1, len, file);
	}
	(void)fclose(file);
}

/* Programs that take files: is it there, and what runs it. */
static const struct program {
	enum peer peer;
	const char *name, *probe, *run;
} programs[] = {
	{ DKIMPY, "dkimpy", PYTHON " -c 'import dkim' 2>/dev/null",
	  PYTHON " '" MAILSEAL_LAB_DIR "/../flow/peer_dkimpy.py'" },
	{ MAILDKIM, "Mail::DKIM", "perl -MMail::DKIM -e 1 2>/dev/null",
	  "perl '" MAILSEAL_LAB_DIR "/../flow/peer_maildkim.pl'" },
	{ MAILAUTH_DKIM, "mailauth",
	  "node -e \"require('mailauth/lib/dkim/verify')\" 2>/dev/null",
	  "node '" MAILSEAL_LAB_DIR "/../flow/peer_mailauth.js'" },
	{ RSPAMD, "rspamd", "command -v rspamd >/dev/null",
	  PYTHON " '" MAILSEAL_LAB_DIR "/../flow/peer_rspamd.py'" },
};

/* False: it is not here. */
static bool ask(const struct program *program, struct letter *letters)
{
	char folder[] = "/tmp/mailseal-peers.XXXXXX", command[2048], line[16];
	unsigned count = 0;
	FILE *answers;

	if (system(program->probe) != 0)
		return false;
	assert_non_null(mkdtemp(folder));
	put_letters(folder, letters);
	(void)snprintf(command, sizeof(command), "%s '%s/keys' '%s/letters'",
		       program->run, folder, folder);
	answers = popen(command, "r");
	assert_non_null(answers);
	while (count < letter_count &&
	       fgets(line, sizeof(line), answers) != NULL)
		letters[count++].peers |= line[0] == '1' ?
					  (int)program->peer : 0;
	(void)pclose(answers);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(count, letter_count);
	return true;
}

static unsigned compare(const struct letter *letters, enum peer peer,
			const char *name)
{
	unsigned i, wrong = 0, agree = 0, passes = 0;
	bool theirs;

	for (i = 0; i < letter_count; i++) {
		theirs = (letters[i].peers & (int)peer) != 0;
		passes += theirs && letters[i].ours;
		if (theirs == letters[i].ours) {
			agree++;
			continue;
		}
		if (peer_is_excused(&letters[i], peer))
			continue;
		wrong++;
		print_message("%s: %s, ours: %s\n%s\n------\n", name,
			      theirs ? "pass" : "no pass", letters[i].code,
			      letters[i].text);
	}
	print_message("%s: %u of %u as we (%u pass), %u unexplained\n", name,
		      agree, letter_count, passes, wrong);
	return wrong;
}

static void peers_agree_or_are_excused(void **state)
{
	struct letter *letters = calloc(letter_count, sizeof(*letters));
	int64_t now = (int64_t)time(NULL);
	unsigned i, wrong = 0;

	(void)state;
	assert_non_null(letters);
	mill = mill_new(seed, now);
	script = script_resolver_new();
	for (i = 0; i < MILL_KEYS; i++)
		script_txt(script, mill_key_name(i), mill_key_record(mill, i));
	for (i = 0; i < letter_count; i++) {
		letters[i].text = mill_letter(mill);
		judge(&letters[i], now);
#ifdef WITH_OPENDKIM
		if (peer_opendkim(bytes_of(letters[i].text), key_of))
			letters[i].peers |= OPENDKIM;
#endif
	}
#ifdef WITH_OPENDKIM
	wrong += compare(letters, OPENDKIM, "libopendkim");
#else
	print_message("libopendkim was not there at build time\n");
#endif
	for (i = 0; i < (by_hand ? 4 : 1); i++)
		if (ask(&programs[i], letters))
			wrong += compare(letters, programs[i].peer,
					 programs[i].name);
		else
			print_message("%s is not here\n", programs[i].name);
	peer_excuses_print();
	for (i = 0; i < letter_count; i++)
		free(letters[i].text);
	free(letters);
	script_resolver_free(script);
	mill_free(mill);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_agree_or_are_excused),
	};

	by_hand = argc > 1;
	if (argc > 1)
		letter_count = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	dkim_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
