/* test_on_the_way.c - what honest servers do to honest mail
 *
 * Providers' ways to sign, mailing lists, forwarders, senders for hire,
 * providers' tags.  None may become "spoofed" where something of the proof
 * survives; what is left is said beside the row. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/flow/desk.h"

#define TRUSTED	"Authentication-Results: mx.user.example; "

static const char *letter(struct desk *desk, const char *from,
			  const char *subject)
{
	return desk_print(desk, "MIME-Version: 1.0\r\nReferences: <0@x>\r\n"
		"In-Reply-To: <0@x>\r\nFrom: %s\r\nDate: " DESK_DATE "\r\n"
		"Message-ID: <1@x.example>\r\nSubject: %s\r\n"
		"To: me@user.example\r\nCc: bo@example.net\r\n"
		"Content-Type: text/plain; charset=\"utf-8\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\nX-Mailer: x\r\n\r\n"
		"Hello\r\n", from, subject);
}

static const char *signed_as(struct desk *desk, const char *domain,
			     const char *fields, const char *message)
{
	struct dkim_sign_options how;

	memset(&how, 0, sizeof(how));
	how.domain = domain;
	how.fields = fields;
	return desk_sign_as(desk, &how, message);
}

/* What the large providers name in h=. */
static void large_providers_sign_so(void **state)
{
	static const struct {
		const char *who, *fields;
	} providers[] = {
		{ "gmail.com", "to:subject:message-id:date:from:in-reply-to:"
		  "references:mime-version:from:to:cc:subject:date:message-id:"
		  "reply-to" },
		{ "yahoo.com", "Date:From:To:Subject:References:From:Subject:"
		  "Reply-To" },
		{ "outlook.com", "From:Date:Subject:Message-ID:Content-Type:"
		  "MIME-Version:X-MS-Exchange-SenderADCheck" },
		{ "icloud.com", "From:Content-Type:Mime-Version:Subject:"
		  "Message-Id:Date:To:x-icloud-hme" },
		{ "gmx.net", "X-UI-Sender-Class:Date:Subject:To:From" },
		{ "fastmail.com", "cc:content-transfer-encoding:content-type:"
		  "date:date:from:from:in-reply-to:message-id:mime-version:"
		  "references:reply-to:subject:subject:to:to" },
		{ "protonmail.com", "Date:To:From:Subject:Message-ID:Feedback-"
		  "ID:From:To:Cc:Date:Subject:Reply-To:Feedback-ID:Message-ID:"
		  "BIMI-Selector" },
		{ "mailbox.org", "from:subject:date:message-id:to:cc:mime-"
		  "version:content-type" },
		{ "amazonses.example", "From:Reply-To:To:Subject:MIME-Version:"
		  "Content-Type:Message-ID:Date" },
		{ "opendkim.example", "Date:From:To:Subject" },
	};
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *address;
	size_t i;

	for (i = 0; i < sizeof(providers) / sizeof(providers[0]); i++) {
		desk_domain(desk, providers[i].who, "v=DMARC1; p=reject");
		address = desk_print(desk, "zoe@%s", providers[i].who);
		desk_contact(desk, address, "Zoe", (unsigned)(10 + i));
		answer = desk_check(desk, signed_as(desk, providers[i].who,
			providers[i].fields, letter(desk, desk_print(desk,
			"Zoe <%s>", address), "Hello")));
		if (strcmp(answer.verdict, "genuine") != 0)
			fail_msg("%s: %s, %s", providers[i].who,
				 answer.verdict, answer.code);
		assert_string_equal(answer.display, "name");
	}
}

#define ALICE	"Alice Harper <alice@example.org>"	/* p=reject */
#define BO	"Bo Lind <bo@example.net>"		/* p=none */

/* A list that leaves what is signed alone is no list to us; one with a footer
 * or a tag breaks the proof, and how much is left decides. */
static void mailing_lists(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message;

	desk_domain(desk, "lists.example", "v=DMARC1; p=none");
	/* transparent */
	message = desk_sign(desk, "example.org", letter(desk, ALICE, "Hello"));
	answer = desk_check(desk, signed_as(desk, "lists.example", NULL,
		desk_print(desk, "List-Id: <l.lists.example>\r\nSender: "
			   "l-bounces@lists.example\r\n%s", message)));
	assert_string_equal(answer.verdict, "genuine");
	/* a footer: the header part survives */
	answer = desk_check(desk, desk_print(desk, "List-Id: <l.lists.example>"
			"\r\n%s___\r\nl mailing list\r\n", message));
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.code, "altered-on-the-way");
	/* a tag in Subject: nothing survives, and the policy decides */
	message = letter(desk, BO, "[l] Hello");
	answer = desk_check(desk, signed_as(desk, "lists.example", NULL,
					    message));
	assert_string_equal(answer.verdict, "suspicious");
	assert_string_equal(answer.display, "address");
	answer = desk_check(desk, signed_as(desk, "lists.example", NULL,
			letter(desk, "Zoe <zoe@nopolicy.example>", "[l] x")));
	assert_string_equal(answer.verdict, "unverified");
	/* From made the list's own, as p=reject forces lists to do */
	message = letter(desk, "Alice Harper via L <l@lists.example>",
			 "[l] Hello");
	answer = desk_check(desk, signed_as(desk, "lists.example", NULL,
			desk_print(desk, "Reply-To: " ALICE "\r\n%s",
				   message)));
	assert_string_equal(answer.verdict, "authenticated");
	desk_contact(desk, "l@lists.example", "", 20);
	answer = desk_check(desk, signed_as(desk, "lists.example",
			"from:reply-to:to:subject:date",
			desk_print(desk, "Reply-To: " ALICE "\r\n%s",
				   message)));
	assert_string_equal(answer.verdict, "genuine");
	assert_string_equal(answer.shown_from,
			    "Alice Harper via L <l@lists.example>");
}

static void forwarders(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message = desk_sign(desk, "example.org",
					letter(desk, ALICE, "Hello"));

	/* SPF fails or is the forwarder's; the signature lives */
	answer = desk_check(desk, desk_print(desk, "%s%s", desk_border(desk,
			DESK_EVIL_IP, "fwd.example", "alice@example.org"),
			message));
	assert_string_equal(answer.spf, "fail");
	assert_string_equal(answer.verdict, "genuine");
	answer = desk_check(desk, desk_print(desk, "%sResent-From: "
			"bo@example.net\r\nX-Forwarded-To: x@y.example\r\n"
			"Delivered-To: me@user.example\r\n%s",
			desk_border(desk, DESK_EVIL_IP, "fwd.example",
				"SRS0=x=y=example.org=alice@fwd.example"),
			message));
	assert_string_equal(answer.verdict, "genuine");
	/* unsigned, by SPF alone, straight from the domain's server */
	answer = desk_check(desk, desk_print(desk, "%s%s", desk_border(desk,
			DESK_KNOWN_IP, "mail.example.org",
			"bounce-1=x@example.org"), letter(desk, ALICE, "x")));
	assert_string_equal(answer.verdict, "authenticated");
}

/* Two signatures, the hirer's and the hired one's, and its envelope. */
static void senders_for_hire(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message;

	desk_domain(desk, "esp.example", NULL);
	desk_domain(desk, "em.example.org", NULL);
	message = desk_sign(desk, "esp.example", desk_sign(desk,
			"example.org", letter(desk, ALICE, "Offer")));
	answer = desk_check(desk, desk_print(desk, "%s%s", desk_border(desk,
			DESK_EVIL_IP, "o1.esp.example",
			"bounces+1-me=user.example@esp.example"), message));
	assert_string_equal(answer.verdict, "genuine");
	/* a sub-domain of the hirer's that the hired one has the key of */
	answer = desk_check(desk, desk_sign(desk, "em.example.org",
				letter(desk, ALICE, "Offer")));
	assert_string_equal(answer.verdict, "genuine");
}

/* The user's own server marks mail that it took; it says what it saw. */
static void providers_tags(void **state)
{
	struct desk *desk = *state;
	struct desk_answer answer;
	const char *message = desk_sign(desk, "example.org",
					letter(desk, ALICE, "Hello"));
	const char *tagged, *at = strstr(message, "Subject: ");

	assert_non_null(at);
	tagged = desk_print(desk, "%.*sSubject: [EXT] %s", (int)(at - message),
			    message, at + strlen("Subject: "));
	answer = desk_check(desk, desk_print(desk, TRUSTED "dkim=pass "
		"header.d=example.org header.s=lab\r\n%s%s",
		desk_border(desk, DESK_EVIL_IP, "x.example", "x@x.example"),
		tagged));
	assert_string_equal(answer.verdict, "authenticated");
	assert_string_equal(answer.proof, "server");
	/* without its word nothing is left */
	answer = desk_check(desk, desk_print(desk, "%s%s", desk_border(desk,
		DESK_EVIL_IP, "x.example", "x@x.example"), tagged));
	assert_string_equal(answer.verdict, "spoofed");
}

/* Line ends and trailing blanks as mailboxes keep them. */
static void mailboxes(void **state)
{
	struct desk *desk = *state;
	const char *message = desk_sign(desk, "example.org",
					letter(desk, ALICE, "Hello"));
	static const char *const fronts[] = {
		"", "From alice@example.org Mon Mar  2 10:00:00 2026\n",
		"From - Mon Mar  2 10:00:00 2026\nX-Mozilla-Status: 0001\n",
		">From alice@example.org Mon Mar  2 10:00:00 2026\n",
		"X-Original-To: me@user.example\nDelivered-To: me@x.example\n",
		"Status: RO\nX-Status: \nX-Keywords:            \nX-UID: 1\n",
		"X-Gmail-Labels: =?UTF-8?Q?Inbox?=\nX-GM-THRID: 1\n",
	};
	struct desk_answer answer;
	const char *end, *c;
	struct bytes lf;
	size_t i, used;
	char *copy;

	for (i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++)
		for (end = "\n"; end != NULL;
		     end = end[0] == '\n' ? "\r\n" : NULL) {
			copy = calloc(1, strlen(message) + 1);
			assert_non_null(copy);
			for (c = message, used = 0; *c != 0; c++)
				if (*c != '\r')
					copy[used++] = *c;
			lf = bytes_of(desk_lines(desk, desk_print(desk,
					"%s%s", fronts[i], copy), end));
			free(copy);
			answer = desk_check_bytes(desk, lf);
			if (strcmp(answer.verdict, "genuine") != 0)
				fail_msg("%s: %s, %s", fronts[i],
					 answer.verdict, answer.code);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(large_providers_sign_so),
		DESK_TEST(mailing_lists),
		DESK_TEST(forwarders),
		DESK_TEST(senders_for_hire),
		DESK_TEST(providers_tags),
		DESK_TEST(mailboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
