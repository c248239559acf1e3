/* fuzz_open.c - opening as a whole: genuine pieces with any bytes around them
 *
 * A byte of 1 to 7 of the input stands for a piece: a header that says to be
 * Alice's, what she signed (in two parts, in one, the signature alone), a
 * secret encrypted to the reader (two ciphers), and both.  Whatever is around:
 * what counts as verified is what she signed and nothing beside it, and the
 * secret comes out alone or not at all. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/flow/seal_forge.h"

#define HEAD	"From: alice@example.org\r\nTo: bob@example.org\r\n" \
		"Subject: pay\r\nMIME-Version: 1.0\r\n"
#define SECRET	"Content-Type: text/plain\r\n\r\nthe secret\r\n"
#define PIECES	8
#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *pieces[PIECES];

static void prepare(void)
{
	const unsigned detached = CMS_DETACHED | CMS_BINARY;

	seal_open(LAB_P256, LAB_P256);
	pieces[1] = strdup(HEAD);
	pieces[2] = strdup(forge_genuine());
	pieces[3] = strdup(forge_opaque(&desk.alice, FORGE_TEXT));
	pieces[4] = strdup(forge_signature(&desk.alice, FORGE_TEXT,
					   detached));
	pieces[5] = strdup(forge_encrypted(SECRET, EVP_aes_256_cbc()));
	pieces[6] = strdup(forge_encrypted(SECRET, EVP_aes_256_gcm()));
	pieces[7] = strdup(forge_encrypted(forge_genuine(),
					   EVP_aes_256_cbc()));
}

static void build(struct buf *to, const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (data[i] > 0 && data[i] < PIECES)
			buf_text(to, pieces[data[i]]);
		else
			buf_byte(to, data[i]);
}

/* Its text, without the header and CRs, is exactly that. */
static bool body_is(struct buf *content, const char *wanted)
{
	const char *text = buf_string(content), *at = text;
	size_t len = strlen(wanted);

	while (*at != 0 && strncmp(at, "\r\n\r\n", 4) != 0 &&
	       strncmp(at, "\n\n", 2) != 0)
		at++;
	at += *at == '\r' ? 4 : *at == '\n' ? 2 : 0;
	for (; *at != 0 && len > 0; at++) {
		if (*at == '\r')
			continue;
		if (*at != *wanted)
			return false;
		wanted++;
		len--;
	}
	return len == 0 && *at == 0;
}

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "%s: %s\n%s\n", what, seal_word("line"),
		      buf_string(&seal.content));
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *security;
	struct buf text;

	if (pieces[1] == NULL)
		prepare();
	if (size > INPUT_MAX)
		return 0;
	arena_free(desk.arena);
	desk.arena = desk.job.arena = arena_new(16 * 1024 * 1024);
	buf_init(&text, 4 * 1024 * 1024);
	build(&text, data, size);
	if (!text.full && seal_read(buf_bytes(&text)) == 0) {
		security = seal_word("security");
		if (strcmp(security, "verified") == 0 ||
		    strcmp(security, "confidential") == 0)
			must(body_is(&seal.content, "Pay Bob.\n"),
			     "verified, but not what was signed");
		if (strstr(buf_string(&seal.content), "the secret") != NULL &&
		    memmem(data, size, "the secret", 10) == NULL)
			must(body_is(&seal.content, "the secret\n"),
			     "the secret beside something else");
		must(seal_word("line")[0] != 0, "no line");
	}
	buf_free(&text);
	return 0;
}
