/* test_attack_from.c - From fields that programs read in different ways
 *
 * Every attack is built in every dress (line ends, place in the header, an
 * mbox line in front) and sent three ways: unsigned, signed by the attacker's
 * own domain, and signed by the victim's domain, as a provider signs what a
 * user of it writes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define EVIL	"eve@evil.example"
#define ALICE	"alice@example.org"

/* No unique author: suspicious with a warning, whoever signed. */
static const char *const no_author[] = {
	/* 9: two From fields */
	"From: " EVIL "\nFrom: " ALICE,
	"From: " ALICE "\nFrom: " ALICE,
	"From: " ALICE "\nFROM: " EVIL,
	"From: " ALICE "\nX-Between: 1\nfrom: " EVIL,
	"From: \nFrom: " ALICE,
	"From: " ALICE "\nFrom: " ALICE "\nFrom: " ALICE,
	/* 10: lines that only some read as From */
	"From: " ALICE "\nFrom : " EVIL,
	"From : " EVIL "\nFrom: " ALICE,
	"From : " ALICE,
	"From\t: " EVIL "\nFrom: " ALICE,
	"From \t : " EVIL "\nFrom: " ALICE,
	"From\n : " EVIL "\nFrom: " ALICE,
	"From\n\t: " EVIL "\nFrom: " ALICE,
	"X-One: 1\n From: " EVIL "\nFrom: " ALICE,
	"X-One: 1\n\tFrom: " EVIL "\nFrom: " ALICE,
	"X-One: 1\n \t fROM : " EVIL "\nFrom: " ALICE,
	"X-One:\n From: " EVIL "\nFrom: " ALICE,
	"X-One: 1\rFrom: " EVIL "\nFrom: " ALICE,
	"X-One: 1\r\rFrom: " EVIL "\nFrom: " ALICE,
	"X-One: 1\r From : " EVIL "\nFrom: " ALICE,
	"\xEF\xBB\xBF" "From: " EVIL "\nFrom: " ALICE,
	"\xC2\xA0" "From: " EVIL "\nFrom: " ALICE,
	"From\x0B: " EVIL "\nFrom: " ALICE,
	"\x01" "From: " EVIL "\nFrom: " ALICE,
	"From\xC2\xA0: " EVIL "\nFrom: " ALICE,
	"From:" ALICE "\rFrom: " EVIL,
	"From: " ALICE "\r\r\n From: " EVIL,
	/* 11, B3: nothing stands in for it */
	"Sender: " ALICE,
	"Sender: Alice Harper <" ALICE ">\nReply-To: " ALICE,
	"Resent-From: Alice Harper <" ALICE ">",
	"Resent-Sender: " ALICE "\nX-From: " ALICE,
	"Apparently-From: " ALICE,
	"From;: " ALICE,
	"Fr\xD0\xBEm: " ALICE,
	"From:",
	"From: ",
	"From:\n ",
	"From: <>",
	"From: Alice Harper <>",
	"From: \"Alice Harper\"",
	"From: Alice Harper",
	"From: (" ALICE ")",
	"From: ,",
	"From: ;",
	"From: :",
	/* 12: several mailboxes */
	"From: " ALICE ", " EVIL,
	"From: " EVIL ", " ALICE,
	"From: " ALICE ",\n " EVIL,
	"From: " ALICE ", mallory@example.org",
	"From: Alice Harper <" ALICE ">, Alice Harper <" ALICE ">",
	"From: " ALICE ",",
	"From: ," ALICE,
	"From: " ALICE ";" EVIL,
	"From: " ALICE " " EVIL,
	"From: " ALICE "\n " EVIL,
	"From: " ALICE "\r" EVIL,
	/* 13, B2: the address in code */
	"From: =?utf-8?B?YWxpY2VAZXhhbXBsZS5vcmc=?=",
	"From: =?utf-8?Q?alice=40example.org?=",
	"From: <=?utf-8?Q?alice=40example.org?=>",
	"From: =?utf-8?Q?alice?=@example.org",
	"From: alice@=?utf-8?Q?example.org?=",
	"From: <=?utf-8?B?YWxpY2U=?=@example.org>",
	"From: alice=?utf-8?q?_?=@example.org",
	"From: \"=?utf-8?q?alice?=\"@example.org",
	"From: =?utf-8?B?QWxpY2UgPGFsaWNlQGV4YW1wbGUub3JnPg==?=",
	"From: =?utf-8?Q?Alice_=3Calice=40example.org=3E?=",
	"From: =?utf-8?Q?Alice_=3C?=" ALICE "=?utf-8?Q?=3E?=",
	"From: =?utf-8?Q?=3C" ALICE "=3E?= <" EVIL ">",
	"From: =?utf-8?Q?" ALICE "?= <" EVIL ">",
	"From: =?utf-8?Q?alice=40example.org=2C?= " EVIL,
	"From: =?utf-8?Q?x?=" ALICE " <" EVIL ">",
	"From: =?utf-8?q?=22?= " ALICE " =?utf-8?q?=22?= <" EVIL ">",
	/* 15: routes */
	"From: <@example.org,@x.example:" EVIL ">",
	"From: <@example.org:" EVIL ">",
	"From: Alice Harper <@example.org:" EVIL ">",
	"From: <@evil.example:" ALICE ">",
	"From: < @evil.example , @x.example : " ALICE " >",
	"From: <@:" ALICE ">",
	"From: <@evil.example," ALICE ">",
	"From: @evil.example:" ALICE,
	/* 17: precedence */
	"From: <" ALICE ">" EVIL,
	"From: " EVIL "<" ALICE ">",
	"From: " ALICE " <" EVIL ">",
	"From: <" ALICE "> <" EVIL ">",
	"From: Alice <" ALICE "> <" EVIL ">",
	"From: <" ALICE "> Alice",
	"From: <<" ALICE ">>",
	"From: <" ALICE "><" EVIL ">",
	"From: <" ALICE,
	"From: Alice <" ALICE,
	"From: " ALICE ">",
	"From: <" ALICE ",\n " EVIL ">",
	"From: \"Alice\" x <" ALICE "> y <" EVIL ">",
	"From: Alice <alice@example.org\n <" EVIL ">",
	"From: <" EVIL "> (\n <" ALICE ">",
	"From: \"<" ALICE "> <" EVIL ">",
	"From: Alice \"" ALICE " <" EVIL ">",
	/* 18: groups */
	"From: alice@example.org: " EVIL ";",
	"From: \"" ALICE "\": " EVIL ";",
	"From: Alice Harper: " EVIL ";",
	"From: Alice Harper: " ALICE ";",
	"From: Alice Harper:;",
	"From: Alice Harper: ;",
	"From: a:;, " ALICE,
	"From: " ALICE ", a:;",
	"From: =?utf-8?Q?alice=40example.org?=: " EVIL ";",
	"From: Alice: \"x\": " EVIL ";;",
	"From: Alice: " EVIL,
	"From: Alice: <" EVIL ">",
	"From: x: " ALICE ", " EVIL ";",
	/* 19, 20: what hides or turns */
	"From: =?utf-8?Q?Alice=00?= <" ALICE ">",
	"From: =?utf-8?Q?Alice_=3Calice=40example.org=3E=0A=00?= <" EVIL ">",
	"From: =?utf-8?Q?Alice=0D=0AFrom:_x?= <" ALICE ">",
	"From: =?utf-8?Q?=E2=80=AEgro.elpmaxe=40ecila?= <" EVIL ">",
	"From: =?utf-8?B?4oCu?= <" EVIL ">",
	"From: \xE2\x80\xAE" "ecila <" EVIL ">",
	"From: Alice\xE2\x81\xA6 <" ALICE ">",
	"From: Alice\xE2\x80\x8F <" ALICE ">",
	"From: Alice\xD8\x9C <" ALICE ">",
	"From: Alice\x1B[2K <" ALICE ">",
	"From: Alice\x7F <" ALICE ">",
	"From: Alice\xC2\x9B" "2K <" ALICE ">",
	"From: alice\xE2\x80\x8B@example.org",
	"From: alice@exam\xE2\x80\xAEple.org",
	"From: alice@exam\xE2\x80\x8Bple.org",
	"From: Alice <alice@example.org\xE2\x80\x8D>",
	"From: alice@exam\xC2\xADple.org",
	"From: alice@exam\xF3\xA0\x81\xA1ple.org",
	"From: al\xEF\xBB\xBFice@example.org",
	"From: alice@example\xE2\x80\x8B.org",
	"From: \"alice\x01\"@example.org",
	"From: alice@example.org\x0C",
	"From: " ALICE " (\xE2\x80\xAE)",
	/* 22: more than one unquoted '@' */
	"From: alice@example.org@evil.example",
	"From: <alice@example.org@evil.example>",
	"From: Alice <alice@@example.org>",
	"From: alice@ex@mple.org",
	"From: @example.org",
	"From: alice@",
	"From: <@example.org:" ALICE ">@evil.example",
	/* 43: broken in ways that made parsers give up */
	"From: user@example.net>",
	"From: \"Alice\\\" <" ALICE ">",
	"From: \"Alice <" ALICE ">",
	"From: Alice\\ <" ALICE ">",
	"From: Ali\\ce <" ALICE ">",
	"From: alice\\@example.org",
	"From: \\\"alice@example.org",
	"From: Alice (unclosed <" ALICE ">",
	"From: Alice) <" ALICE ">",
	"From: ((((((((((((((((((((x)))))))))))))))))))) <" ALICE ">",
	"From: [alice@example.org]",
	"From: mailto:" ALICE,
	"From: <mailto:" ALICE ">",
	"From: alice.@example.org",
	"From: .alice@example.org",
	"From: alice..h@example.org",
	"From: alice@example..org",
	"From: alice@.example.org",
	"From: alice@example.org.",
	"From: alice@-example.org",
	"From: alice@example_.org",
	"From: alice@[192.0.2.1]",
	"From: alice@[example.org]",
	"From: alice@example.org[evil.example]",
	"From: ali ce@example.org",
	"From: alice@exa mple.org",
	"From: Alice Harper alice@example.org",
	"From: \xFF\xFE <" ALICE "> <",
	"From: alice\xFF@example.org",
	"From: alice@ex\xE4mple.org",
	"From: alice\xEF\xBC\xA0" "example.org",
	"From: <alice\xEF\xBC\xA0" "example.org>",
};

enum dress_end { END_CRLF, END_LF, END_COUNT };
enum dress_place { PLACE_TOP, PLACE_MIDDLE, PLACE_LAST, PLACE_COUNT };
enum dress_front { FRONT_NONE, FRONT_MBOX, FRONT_COUNT };

/* "\n" in the rows is the line end of the dress. */
static const char *dressed(struct desk *desk, const char *rows, unsigned dress)
{
	enum dress_end end = dress % END_COUNT;
	enum dress_place place = dress / END_COUNT % PLACE_COUNT;
	enum dress_front front = dress / END_COUNT / PLACE_COUNT;
	const char *others = "To: me@user.example\nSubject: Hello\n";
	const char *text;

	text = desk_print(desk, "%s%s%s%s%sDate: " DESK_DATE "\n%s%s\nHello\n",
			  front == FRONT_MBOX ? "From x@y.example Mon Mar  2 "
			  "10:00:00 2026\n" : "",
			  place == PLACE_TOP ? rows : "",
			  place == PLACE_TOP ? "\n" : "", others,
			  place == PLACE_MIDDLE ? desk_print(desk, "%s\n",
							     rows) : "",
			  place == PLACE_LAST ? rows : "",
			  place == PLACE_LAST ? "\n" : "");
	return desk_lines(desk, text, end == END_LF ? "\n" : "\r\n");
}

static const char *const signers[] = { NULL, "evil.example", "example.org" };

static void nobody_is_shown_without_a_unique_author(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	unsigned dress, signer;
	const char *message;
	size_t i, wrong = 0;

	for (i = 0; i < sizeof(no_author) / sizeof(no_author[0]); i++)
		for (dress = 0; dress < END_COUNT * PLACE_COUNT * FRONT_COUNT;
		     dress++)
			for (signer = 0; signer < 3; signer++) {
				message = dressed(desk, no_author[i], dress);
				if (signers[signer] != NULL)
					message = desk_sign(desk,
							signers[signer],
							message);
				answer = desk_check(desk, message);
				if (strcmp(answer.verdict, "suspicious") == 0 &&
				    strcmp(answer.display, "warning") == 0 &&
				    desk_hides_name(&answer))
					continue;
				wrong++;
				print_message("%zu, dress %u, signer %u: %s "
					      "%s %s\n%s\n", i, dress, signer,
					      answer.verdict, answer.display,
					      answer.code, no_author[i]);
			}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(nobody_is_shown_without_a_unique_author),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
