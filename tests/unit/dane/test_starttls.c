/* test_starttls.c - what each line of an answer means */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/dane/starttls.h"

static const struct row {
	enum dane_start start;
	enum starttls_turn turn;
	const char *line;
	enum starttls_line says;
	bool offered;
} rows[] = {
#define SMTP DANE_STARTTLS_SMTP
#define IMAP DANE_STARTTLS_IMAP
#define POP3 DANE_STARTTLS_POP3
#define GREETING STARTTLS_GREETING
#define HELLO STARTTLS_HELLO
#define GO STARTTLS_GO
	{ SMTP, GREETING, "220 mail.example.org ESMTP", STARTTLS_YES, 0 },
	{ SMTP, GREETING, "220", STARTTLS_YES, 0 },
	{ SMTP, GREETING, "220-first", STARTTLS_MORE, 0 },
	{ SMTP, GREETING, "220-", STARTTLS_MORE, 0 },
	{ SMTP, GREETING, "554 no", STARTTLS_NO, 0 },
	{ SMTP, GREETING, "421 later", STARTTLS_NO, 0 },
	{ SMTP, GREETING, "250 what", STARTTLS_NO, 0 },
	{ SMTP, GREETING, "2200 no", STARTTLS_NONSENSE, 0 },
	{ SMTP, GREETING, "22 no", STARTTLS_NONSENSE, 0 },
	{ SMTP, GREETING, "", STARTTLS_NONSENSE, 0 },
	{ SMTP, GREETING, "220\thello", STARTTLS_NONSENSE, 0 },
	{ SMTP, GREETING, "* OK IMAP", STARTTLS_NONSENSE, 0 },
	{ SMTP, HELLO, "250-STARTTLS", STARTTLS_MORE, 1 },
	{ SMTP, HELLO, "250 starttls", STARTTLS_YES, 1 },
	{ SMTP, HELLO, "250-STARTTLS ", STARTTLS_MORE, 1 },
	{ SMTP, HELLO, "250-STARTTLSX", STARTTLS_MORE, 0 },
	{ SMTP, HELLO, "250-XSTARTTLS", STARTTLS_MORE, 0 },
	{ SMTP, HELLO, "250-AUTH STARTTLS", STARTTLS_MORE, 0 },
	{ SMTP, HELLO, "250 OK", STARTTLS_YES, 0 },
	{ SMTP, HELLO, "502 no", STARTTLS_NO, 0 },
	{ SMTP, GO, "220 go", STARTTLS_YES, 0 },
	{ SMTP, GO, "250 STARTTLS", STARTTLS_NO, 0 },
	{ SMTP, GO, "454 later", STARTTLS_NO, 0 },
	{ IMAP, GREETING, "* OK [CAPABILITY IMAP4rev2] hi", STARTTLS_YES,
	  0 },
	{ IMAP, GREETING, "* PREAUTH hi", STARTTLS_NO, 0 },
	{ IMAP, GREETING, "* BYE hi", STARTTLS_NO, 0 },
	{ IMAP, GREETING, "+OK POP3", STARTTLS_NONSENSE, 0 },
	{ IMAP, GO, "* OK note", STARTTLS_MORE, 0 },
	{ IMAP, GO, "a OK begin", STARTTLS_YES, 0 },
	{ IMAP, GO, "A ok begin", STARTTLS_YES, 0 },
	{ IMAP, GO, "a NO", STARTTLS_NO, 0 },
	{ IMAP, GO, "a BAD", STARTTLS_NO, 0 },
	{ IMAP, GO, "b OK begin", STARTTLS_NONSENSE, 0 },
	{ IMAP, GO, "ab OK begin", STARTTLS_NONSENSE, 0 },
	{ POP3, GREETING, "+OK hi", STARTTLS_YES, 0 },
	{ POP3, GO, "+OK begin", STARTTLS_YES, 0 },
	{ POP3, GO, "-ERR no", STARTTLS_NO, 0 },
	{ POP3, GO, "220 go", STARTTLS_NONSENSE, 0 },
	{ DANE_TLS, GREETING, "220 hi", STARTTLS_NONSENSE, 0 },
};

static void lines(void **test)
{
	enum starttls_line says;
	bool offered;
	size_t i;

	(void)test;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		offered = false;
		says = starttls_read(rows[i].start, rows[i].turn,
				     bytes_of(rows[i].line), &offered);
		if (says != rows[i].says || offered != rows[i].offered)
			fail_msg("\"%s\": %d, offered %d", rows[i].line, says,
				 offered);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
