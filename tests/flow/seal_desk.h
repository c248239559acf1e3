/* seal_desk.h - messages sealed and opened by two people with certificates */
#ifndef MAILSEAL_TEST_SEAL_DESK_H
#define MAILSEAL_TEST_SEAL_DESK_H

#include <unistd.h>

#include "agent/base/memfile.h"
#include "agent/base/spool.h"
#include "agent/base/value.h"
#include "agent/flow/open.h"
#include "agent/flow/protect.h"
#include "tests/flow/report_word.h"
#include "tests/unit/crypto/smime_desk.h"

#define MAIL_HEAD	"From: Alice <alice@example.org>\r\n" \
			"To: bob@example.org\r\nSubject: noon\r\n" \
			"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n" \
			"Message-ID: <1@example.org>\r\n"
#define MAIL	MAIL_HEAD "MIME-Version: 1.0\r\n" \
		"Content-Type: text/plain; charset=utf-8\r\n\r\n" \
		"Meet me at noon.\r\n"

static const struct scheme *const seal_schemes[] = { &scheme_smime, NULL };

struct seal_desk {
	const char *part;
	enum open_force force;
	struct value *report;
	struct buf content;		/* what left */
	bool left;
	struct buf sealed;		/* what protect made */
};

static struct seal_desk seal;

static inline void seal_open(enum lab_key alice, enum lab_key bob)
{
	smime_prepare();
	desk_open(alice, bob);
	buf_init(&seal.content, DESK_OUT_MAX);
	buf_init(&seal.sealed, DESK_OUT_MAX);
}

static inline void seal_close(void)
{
	buf_free(&seal.content);
	buf_free(&seal.sealed);
	desk_close();
}

static inline void seal_drain(int fd, struct buf *to)
{
	unsigned char room[65536];
	struct bytes piece = { room, 0 };
	ssize_t got;

	buf_clear(to);
	while ((got = read(fd, room, sizeof(room))) > 0) {
		piece.len = (size_t)got;
		buf_add(to, piece);
	}
	(void)close(fd);
}

enum seal_what { SEAL_SIGN = 1, SEAL_ENCRYPT = 2, SEAL_BOTH = 3 };

/* Alice protects a message to Bob; it is in seal.sealed. */
static inline int seal_protect(struct bytes text, unsigned what,
			       enum protect_headers headers)
{
	struct seal_key signer = desk_seal_key(&desk.alice,
					       "alice@example.org");
	struct seal_key to[2] = {
		desk_seal_key(&desk.bob, "bob@example.org"), signer
	};
	struct protect_order order = { &scheme_smime, NULL, to, 0, headers,
				       PROTECT_PART, NULL };
	struct spool *out = spool_new(-1, NULL);
	struct memfile file;
	struct value *report;
	int fd = -1, r;

	if (what & SEAL_SIGN)
		order.signer = &signer;
	if (what & SEAL_ENCRYPT)
		order.recipient_count = 2;
	buf_clear(&desk.why);
	r = memfile_open(memfile_make("message", text), 1 << 22, &file);
	if (r == 0)
		r = protect_message(&desk.job, &file, &order, out, &report);
	if (r == 0)
		r = spool_release(out, NULL, 0, &fd);
	if (r == 0)
		seal_drain(fd, &seal.sealed);
	memfile_close(&file);
	spool_free(out);
	return r;
}

/* Bob opens it; report and content are in `seal`. */
static inline int seal_read(struct bytes text)
{
	struct open_order order;
	struct open_result result;
	struct memfile file;
	int fd = -1, r;

	open_order_start(&order);
	order.schemes = seal_schemes;
	order.part = seal.part;
	order.force = seal.force;
	buf_clear(&desk.why);
	buf_clear(&seal.content);
	r = memfile_open(memfile_make("message", text), 1 << 22, &file);
	if (r == 0)
		r = open_message(&desk.job, &file, &order, &result);
	seal.report = r == 0 ? result.report : NULL;
	seal.left = r == 0 && result.content != NULL;
	if (seal.left)
		r = spool_release(result.content, result.pieces,
				  result.piece_count, &fd);
	if (r == 0 && seal.left)
		seal_drain(fd, &seal.content);
	if (seal.report != NULL)
		open_result_free(&result);
	memfile_close(&file);
	open_order_close(&order);
	return r;
}

static inline const char *seal_word(const char *path)
{
	return report_word(desk.arena, seal.report, path);
}

static inline bool seal_has_reason(const char *code)
{
	const struct value *list = value_find(seal.report, "seal_reasons",
					      VALUE_LIST), *one;

	for (one = list == NULL ? NULL : list->first; one != NULL;
	     one = one->next)
		if (strcmp(value_text(one, "code"), code) == 0)
			return true;
	return false;
}

#endif
