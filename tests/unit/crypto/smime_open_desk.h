/* smime_open_desk.h - signature objects of OpenSSL's, and how they fare */
#ifndef MAILSEAL_TEST_SMIME_OPEN_DESK_H
#define MAILSEAL_TEST_SMIME_OPEN_DESK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/unit/crypto/smime_desk.h"

#define TEXT	bytes_of(DESK_TEXT)
#define DETACHED (CMS_DETACHED | CMS_BINARY)

static inline int setup(void **state)
{
	(void)state;
	smime_prepare();
	desk_open(LAB_P256, LAB_P256);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	desk_close();
	return 0;
}

static inline CMS_ContentInfo *signed_by(const struct lab_identity *who,
					 unsigned flags)
{
	BIO *text = BIO_new_mem_buf(DESK_TEXT, -1);
	CMS_ContentInfo *cms = CMS_sign(who->certificate, who->key, NULL,
					text, flags);

	assert_non_null(cms);
	BIO_free(text);
	return cms;
}

static inline void state_is(const char *word)
{
	assert_string_equal(seal_state_name[desk.facts.state], word);
	if (desk.facts.state != SEAL_GOOD)
		assert_non_null(desk.facts.reason);
}

static inline void verify_is(CMS_ContentInfo *cms, const char *word)
{
	desk_blob_of(cms);
	CMS_ContentInfo_free(cms);
	assert_int_equal(desk_verify(TEXT, buf_bytes(&desk.blob)), 0);
	state_is(word);
}

static inline void by(const struct lab_wish *wish, const EVP_MD *md,
		      const char *word)
{
	struct lab_identity who = lab_identity_make(wish);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, DETACHED |
					CMS_PARTIAL);
	BIO *text = BIO_new_mem_buf(DESK_TEXT, -1);

	assert_non_null(CMS_add1_signer(cms, who.certificate, who.key, md,
					DETACHED | CMS_PARTIAL));
	assert_int_equal(CMS_final(cms, text, NULL, DETACHED), 1);
	verify_is(cms, word);
	BIO_free(text);
	lab_identity_free(&who);
}

#endif
