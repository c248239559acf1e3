/* test_server_faults.c - no fault on the way to TLS lets a secret out */
#include "tests/unit/dane/server_desk.h"

#define SHORT_MS	300	/* for what hangs */

static char plain[TLS_HEARD_MAX], secret[TLS_HEARD_MAX];

static const struct fault_row {
	enum tls_fault fault;
	enum dane_verdict verdict;
	enum dane_reason reason;
	unsigned speeches;		/* bits of enum tls_speech */
} faults[] = {
#define ALL	(1U << TLS_SMTP | 1U << TLS_IMAP | 1U << TLS_POP3)
#define SMTP	(1U << TLS_SMTP)
	{ TLS_FINE, DANE_VERIFIED, DANE_MATCHED, ALL | 1U << TLS_AT_ONCE },
	{ TLS_CUT_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_HANG_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_LATER_GREETING, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_LONG_LINE, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_ENDLESS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_NUL, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_NONSENSE, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_CUT_HELLO, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_HANG_HELLO, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_NOT_OFFERED, DANE_REFUSED, DANE_NO_STARTTLS, ALL },
	{ TLS_INJECT_EARLY, DANE_REFUSED, DANE_INJECTED, SMTP },
	{ TLS_INJECT, DANE_REFUSED, DANE_INJECTED, ALL },
	{ TLS_REFUSED, DANE_REFUSED, DANE_NO_STARTTLS, ALL },
	{ TLS_LATER, DANE_UNKNOWN, DANE_BROKEN, SMTP },
	{ TLS_CUT_STARTTLS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_HANG_STARTTLS, DANE_UNKNOWN, DANE_BROKEN, ALL },
	{ TLS_CUT_TLS, DANE_UNKNOWN, DANE_BROKEN, ALL | 1U << TLS_AT_ONCE },
	{ TLS_HANG_TLS, DANE_UNKNOWN, DANE_BROKEN, ALL | 1U << TLS_AT_ONCE },
	{ TLS_OLD, DANE_REFUSED, DANE_OLD_TLS, SMTP | 1U << TLS_AT_ONCE },
	{ TLS_ALERT, DANE_REFUSED, DANE_TLS_FAILED,
	  SMTP | 1U << TLS_AT_ONCE },
	{ TLS_PLAIN, DANE_REFUSED, DANE_TLS_FAILED, 1U << TLS_AT_ONCE },
	{ TLS_PREAUTH, DANE_REFUSED, DANE_NO_STARTTLS, 1U << TLS_IMAP },
};

static bool fault_hangs(enum tls_fault fault)
{
	return fault == TLS_HANG_GREETING || fault == TLS_HANG_HELLO ||
	       fault == TLS_HANG_STARTTLS || fault == TLS_HANG_TLS;
}

/* All that may ever be said in the clear. */
static void expect_nothing_else(const char *said)
{
	static const char *const allowed[] = {
		"EHLO localhost\r\n", "STARTTLS\r\n", "a STARTTLS\r\n",
		"STLS\r\n"
	};
	size_t i;

	while (*said != 0) {
		for (i = 0; i < 4; i++)
			if (strncmp(said, allowed[i],
				    strlen(allowed[i])) == 0)
				break;
		if (i == 4)
			fail_msg("said in the clear: %s", said);
		said += strlen(allowed[i]);
	}
}

static void faults_before_tls(void **test)
{
	struct desk *desk = *test;
	size_t i;
	int speech;

	publish(desk, desk->script, TLS_HOST, TLS_GOOD, 3, 1, 1);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		for (speech = TLS_AT_ONCE; speech <= TLS_POP3; speech++) {
			if ((faults[i].speeches >> speech & 1) == 0)
				continue;
			desk->plan.speech = (enum tls_speech)speech;
			desk->question.start = (enum dane_start)speech;
			plan(desk, TLS_GOOD, faults[i].fault);
			desk->question.deadline = clock_now_ms() +
				(fault_hangs(faults[i].fault) ? SHORT_MS :
				 PATIENCE_MS);
			expect(desk, faults[i].verdict, faults[i].reason);
			dane_link_free(desk->link);
			desk->link = NULL;
			tls_server_heard(desk->server, plain, secret);
			expect_nothing_else(plain);
			assert_string_equal(secret, "");
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(faults_before_tls),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
