/* attack_desk.h - mails that lie with S/MIME, and what is asserted of each */
#ifndef MAILSEAL_TEST_ATTACK_DESK_H
#define MAILSEAL_TEST_ATTACK_DESK_H

#include "tests/flow/seal_forge.h"

#define HEAD	"From: alice@example.org\r\nTo: bob@example.org\r\n" \
		"Subject: pay\r\nMIME-Version: 1.0\r\n"
#define EVIL	"Content-Type: text/plain\r\n\r\nPay Mallory.\r\n"
#define HTML	"Content-Type: text/html\r\n\r\n"
#define SECRET	"Content-Type: text/plain\r\n\r\nthe secret\r\n"

static inline int setup(void **state)
{
	(void)state;
	seal_open(LAB_P256, LAB_P256);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	seal_close();
	return 0;
}

static inline void is(const char *path, const char *wanted)
{
	if (strcmp(seal_word(path), wanted) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, seal_word(path),
			 wanted);
}

static inline void unprotected(const char *head, const char *entity,
			       const char *signature)
{
	assert_int_equal(forge_read(head, entity), 0);
	is("security", "unprotected");
	is("signature.status", signature);
}

static inline const char *mixed(const char *kind, const char *first,
				const char *second, const char *third)
{
	return arena_print(desk.arena, "Content-Type: multipart/%s; "
			   "boundary=mix\r\n\r\n--mix\r\n%s\r\n--mix\r\n%s%s%s"
			   "\r\n--mix--\r\n", kind, first, second,
			   third == NULL ? "" : "\r\n--mix\r\n",
			   third == NULL ? "" : third);
}

static inline void partly(const char *entity)
{
	unprotected(HEAD, entity, "none");
	is("covers", "none");
	assert_true(seal_has_reason("partly-sealed"));
	is("parts.0.scheme", "smime");
	assert_true(seal_word("parts.0.part")[0] != 0);
	/* Nothing was taken out: the message as it came. */
	assert_non_null(strstr(buf_string(&seal.content), "--mix\r\n"));
}

#endif
