/* test_auth_later.c - a later look, with what a store remembers */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "agent/base/arena.h"
#include "agent/base/value.h"
#include "agent/flow/memory.h"
#include "tests/flow/desk.h"

#define DAY	86400
#define KEY	"lab._domainkey.example.org"
#define PLAIN	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Hello\r\nDate: " DESK_DATE \
		"\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"

/* A store of one message, one key and one signature. */
struct shelf {
	struct memory memory;
	const char *id;
	int64_t when;
	struct dkim_archived key;
	const char *sum, *body;
	bool silent;
	unsigned asked;
};

static int shelf_key(void *ctx, struct arena *arena, const char *domain,
		     const char *selector, struct dkim_archived *out,
		     size_t room)
{
	struct shelf *shelf = ctx;

	(void)arena;
	shelf->asked++;
	if (shelf->silent)
		return -1;
	if (room == 0 || shelf->key.text == NULL ||
	    strcmp(domain, "example.org") != 0 || strcmp(selector, "lab") != 0)
		return 0;
	out[0] = shelf->key;
	return 1;
}

static int shelf_seen(void *ctx, const char *id, int64_t *when)
{
	struct shelf *shelf = ctx;

	if (shelf->silent)
		return -1;
	if (shelf->id == NULL || strcmp(shelf->id, id) != 0)
		return 0;
	*when = shelf->when;
	return 1;
}

static int shelf_replayed(void *ctx, const char *sum, const char *body)
{
	struct shelf *shelf = ctx;

	return shelf->sum != NULL && strcmp(shelf->sum, sum) == 0 &&
	       strcmp(shelf->body, body) != 0;
}

static void shelf_open(struct shelf *shelf, struct desk *desk)
{
	memset(shelf, 0, sizeof(*shelf));
	shelf->memory.archive.find = shelf_key;
	shelf->memory.archive.ctx = shelf;
	shelf->memory.first_seen = shelf_seen;
	shelf->memory.replayed = shelf_replayed;
	shelf->memory.ctx = shelf;
	desk->world.memory = &shelf->memory;
}

static const struct value *kept(const struct desk_answer *answer)
{
	return value_find(answer->report, "keep", VALUE_DICT);
}

static const struct value *first(const struct desk_answer *answer,
				 const char *list)
{
	return value_find(kept(answer), list, VALUE_LIST)->first;
}

/* Remembers all that the check left. */
static void shelf_fill(struct shelf *shelf, const struct desk_answer *answer,
		       int64_t now)
{
	const struct value *keys = first(answer, "keys");
	const struct value *signature = first(answer, "signatures");

	shelf->id = value_text(kept(answer), "id");
	shelf->when = now;
	shelf->key.text = value_text(keys, "text");
	shelf->key.dnssec = DNS_SECURE;
	shelf->key.first_seen = shelf->key.last_seen = now;
	shelf->sum = value_text(signature, "sum");
	shelf->body = value_text(signature, "body");
}

static bool is_final(const struct desk_answer *answer)
{
	return value_find(kept(answer), "final", VALUE_TRUTH)->truth;
}

static void a_first_look_leaves_what_a_later_one_needs(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign(desk, "example.org", PLAIN);

	answer = desk_check(desk, text);	/* no store: nothing is left */
	assert_null(kept(&answer));
	shelf_open(&shelf, desk);
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "genuine");
	assert_true(is_final(&answer));
	assert_int_equal(value_find(kept(&answer), "arrived",
				    VALUE_NUMBER)->number, DESK_NOW);
	assert_string_equal(value_text(first(&answer, "keys"), "domain"),
			    "example.org");
	assert_string_equal(value_text(first(&answer, "keys"), "selector"),
			    "lab");
	assert_string_equal(value_text(first(&answer, "keys"), "dnssec"),
			    "secure");
	assert_non_null(strstr(value_text(first(&answer, "keys"), "text"),
			       "k=ed25519"));
	assert_int_equal(strlen(value_text(first(&answer, "signatures"),
					   "sum")), 64);
	assert_int_equal(shelf.asked, 0);	/* DNS has the key */
}

static void the_key_was_withdrawn(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign(desk, "example.org", PLAIN);

	shelf_open(&shelf, desk);
	answer = desk_check(desk, text);
	shelf_fill(&shelf, &answer, DESK_NOW);
	script_state(desk->script, KEY, DNS_NXDOMAIN);
	desk->world.now = DESK_NOW + 400 * DAY;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "genuine");
	assert_true(desk_has_reason(&answer, "key-archived"));
	assert_int_equal(shelf.asked, 1);
	/* an archived key is not kept as one that DNS has */
	assert_null(first(&answer, "keys"));
	assert_non_null(first(&answer, "signatures"));
	/* without the archive it is gone */
	shelf.key.text = NULL;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "key-unavailable"));
}

/* Whoever got hold of the old private key signs today. */
static void an_old_key_signs_no_new_mail(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign(desk, "example.org", PLAIN);

	shelf_open(&shelf, desk);
	answer = desk_check(desk, text);
	shelf_fill(&shelf, &answer, DESK_NOW);
	shelf.id = NULL;			/* not this message */
	script_state(desk->script, KEY, DNS_NXDOMAIN);
	desk->world.now = DESK_NOW + 30 * DAY;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "spoofed");
	assert_false(desk_has_reason(&answer, "key-archived"));
	assert_true(desk_hides_name(&answer));
	/* where a border tells when it came, that counts */
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, DESK_EVIL_IP, "x", "a@evil.example"), text));
	assert_true(desk_has_reason(&answer, "key-archived"));
	assert_string_equal(answer.verdict, "genuine");
}

static void x_is_about_arrival(void **state)
{
	struct desk *desk = *state;
	struct dkim_sign_options options = { .domain = "example.org",
		.extra = "t=1772445600; x=1772446600" };
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign_as(desk, &options, PLAIN);

	shelf_open(&shelf, desk);
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "genuine");
	desk->world.now = DESK_NOW + DAY;
	assert_string_equal(desk_check(desk, text).verdict, "spoofed");
	shelf_fill(&shelf, &answer, DESK_NOW);
	assert_string_equal(desk_check(desk, text).verdict, "genuine");
	shelf.when = DESK_NOW + 2 * DAY;	/* a clock that was wrong */
	assert_string_equal(desk_check(desk, text).verdict, "spoofed");
}

static void nothing_temporary_is_final(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign(desk, "example.org", PLAIN);

	shelf_open(&shelf, desk);
	script_state(desk->script, KEY, DNS_SILENT);
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "unverified");
	assert_false(is_final(&answer));
	assert_null(first(&answer, "keys"));
	/* a store that does not answer */
	script_state(desk->script, KEY, DNS_NXDOMAIN);
	shelf.silent = true;
	answer = desk_check(desk, text);
	assert_string_equal(answer.verdict, "unverified");
	assert_null(kept(&answer));
}

static void a_replay_is_no_mailing_list(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *text = desk_sign(desk, "example.org", PLAIN);
	const char *altered = desk_print(desk, "%sPay now.\r\n", text);

	shelf_open(&shelf, desk);
	answer = desk_check(desk, altered);
	assert_string_equal(answer.code, "altered-on-the-way");
	answer = desk_check(desk, text);
	shelf_fill(&shelf, &answer, DESK_NOW);
	answer = desk_check(desk, altered);
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "signature-replayed"));
	assert_string_equal(desk_check(desk, text).verdict, "genuine");
}

#define TO_LIST	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example, talk@lists.example\r\n" \
		"Subject: Hello\r\nDate: " DESK_DATE \
		"\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"

/* The user got it directly, and the shelf has it. */
static const char *direct_copy(struct desk *desk, struct shelf *shelf,
			       const char *fields)
{
	struct dkim_sign_options how = { .domain = "example.org",
					 .fields = fields };
	const char *text = desk_sign_as(desk, &how, TO_LIST);
	struct desk_answer answer;

	shelf_open(shelf, desk);
	desk_domain(desk, "lists.example", NULL);
	answer = desk_check(desk, text);
	assert_string_equal(answer.proof, "dkim");
	shelf_fill(shelf, &answer, DESK_NOW);
	return desk_print(desk, "%s-- \r\ntalk\r\n", text);
}

/* In To and on the list: the second copy has a footer, and the list, which
 * the author addressed, says that it sent it. */
static void a_lists_copy_beside_the_direct_one(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *copy = direct_copy(desk, &shelf, NULL);

	answer = desk_check(desk, desk_sign(desk, "lists.example", copy));
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.display, "warning");
	assert_string_equal(answer.code, "altered-on-the-way");
	assert_true(desk_has_reason(&answer, "altered-copy"));
	assert_false(desk_has_reason(&answer, "signature-replayed"));
	assert_true(desk_hides_name(&answer));
	/* by its server, where it signs nothing */
	script_txt(desk->script, "lists.example",
		   "v=spf1 ip4:198.51.100.9 -all");
	answer = desk_check(desk, desk_print(desk, "%s%s",
		desk_border(desk, "198.51.100.9", "lists.example",
			    "talk-bounces@lists.example"), copy));
	assert_string_equal(answer.verdict, "suspicious");
	assert_true(desk_has_reason(&answer, "altered-copy"));
}

/* Nobody whom the author addressed stands for the other text. */
static void a_replay_that_looks_like_a_list(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *copy = direct_copy(desk, &shelf, NULL);
	const char *const attacks[] = {
		copy,
		desk_sign(desk, "evil.example", copy),
		desk_print(desk, "List-Id: <talk.lists.example>\r\n"
			   "List-Post: <mailto:talk@lists.example>\r\n%s",
			   copy),
		/* a To that Alice did not write */
		desk_sign(desk, "evil.example", desk_print(desk,
			  "To: talk@evil.example\r\n%s", copy)),
		desk_sign(desk, "evil.example", desk_print(desk,
			  "Cc: talk@evil.example\r\n%s", copy)),
		/* a signature of the list's that does not hold */
		desk_print(desk, "%s-- x\r\n",
			   desk_sign(desk, "lists.example", copy)),
		desk_print(desk, "%s%s", desk_border(desk, DESK_EVIL_IP,
			"lists.example", "talk@lists.example"), copy),
		desk_print(desk, "%s%s", desk_border(desk, DESK_EVIL_IP,
			"evil.example", "talk@evil.example"), copy),
	};
	size_t i;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		answer = desk_check(desk, attacks[i]);
		if (strcmp(answer.verdict, "spoofed") != 0 ||
		    !desk_has_reason(&answer, "signature-replayed") ||
		    desk_has_reason(&answer, "altered-copy"))
			fail_msg("attack %zu: %s, %s", i, answer.verdict,
				 answer.code);
	}
	/* To is not signed: anybody may stand there */
	copy = direct_copy(desk, &shelf, "from:subject:date");
	answer = desk_check(desk, desk_sign(desk, "lists.example", copy));
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "signature-replayed"));
}

/* A false alarm that is left, and what takes it away: without a word of the
 * list or of the user's own server such a copy is what a replay is. */
static void a_list_that_leaves_no_trace(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *copy = direct_copy(desk, &shelf, NULL);
	const char *border = desk_border(desk, "198.51.100.9", "lists.example",
					 "talk-bounces@lists.example");

	answer = desk_check(desk, desk_print(desk, "%s%s", border, copy));
	assert_string_equal(answer.verdict, "spoofed");
	assert_true(desk_has_reason(&answer, "signature-replayed"));
	print_message("spoofed: a list's copy with a footer of mail that came "
		      "directly, too; it neither signs nor has SPF\n");
	/* the border saw the signature before anybody changed the text */
	answer = desk_check(desk, desk_print(desk, "Authentication-Results: "
		"mx.user.example; dkim=pass header.d=example.org\r\n%s%s",
		border, copy));
	assert_string_equal(answer.verdict, "authenticated");
	/* the list names its server */
	script_txt(desk->script, "lists.example",
		   "v=spf1 ip4:198.51.100.9 -all");
	answer = desk_check(desk, desk_print(desk, "%s%s", border, copy));
	assert_true(desk_has_reason(&answer, "altered-copy"));
}

/* The user is addressed, too; the user's own server speaks for nobody. */
static void ones_own_domain_is_no_list(void **state)
{
	static const char *const own[] = { "me@user.example" };
	struct desk *desk = *state;
	struct desk_answer answer;
	struct shelf shelf;
	const char *copy = direct_copy(desk, &shelf, NULL);

	desk_domain(desk, "user.example", NULL);
	desk->world.own = (struct patterns){ own, 1 };
	answer = desk_check(desk, desk_sign(desk, "user.example", copy));
	assert_string_equal(answer.verdict, "spoofed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(a_first_look_leaves_what_a_later_one_needs),
		DESK_TEST(the_key_was_withdrawn),
		DESK_TEST(an_old_key_signs_no_new_mail),
		DESK_TEST(x_is_about_arrival),
		DESK_TEST(nothing_temporary_is_final),
		DESK_TEST(a_replay_is_no_mailing_list),
		DESK_TEST(a_lists_copy_beside_the_direct_one),
		DESK_TEST(a_replay_that_looks_like_a_list),
		DESK_TEST(a_list_that_leaves_no_trace),
		DESK_TEST(ones_own_domain_is_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
