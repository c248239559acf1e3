/* fuzz_dialogue.c - a whole submission to a server that says anything */
#include <stdint.h>
#include <stdlib.h>

#include "agent/base/clock.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/smtp/auth.h"
#include "agent/smtp/mail.h"
#include "agent/smtp/sasl.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/session.h"

static long says(void *ctx, unsigned char *to, size_t size, int64_t deadline)
{
	struct bytes *left = ctx;

	(void)deadline;
	if (size > left->len)
		size = left->len;
	if (size > 0)
		memcpy(to, left->data, size);
	*left = bytes_slice(*left, size, left->len);
	return (long)size;
}

static int hears(void *ctx, struct bytes from, int64_t deadline)
{
	(void)ctx;
	(void)from;
	(void)deadline;
	return 0;
}

static void submit(struct smtp_session *session, struct smtp_outcome *out)
{
	struct smtp_recipient to[2] = { { .address = "a@x" },
					{ .address = "b@x" } };
	struct bytes_reader reader;
	struct source source = source_of_bytes(&reader,
					       bytes_of("A: b\r\n\r\n.c\r\n"));
	struct smtp_mail mail = { .sender = "s@x", .recipients = to,
				  .count = 2, .source = &source, .size = 12 };
	size_t i;

	mail_send(session, &mail, out);
	for (i = 0; i < 2; i++)
		if (to[i].decision != SMTP_DECIDED)
			abort();
}

/* The first byte says how to log in. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_session *session = malloc(sizeof(*session));
	struct bytes left = { data, size };
	struct wire wire = { says, hears, NULL, &left };
	struct sasl_login login = { .user = "u", .host = "h", .port = 465 };
	struct smtp_outcome out;
	struct buf secret;

	if (session == NULL || size < 1 ||
	    secret_init(&secret, SECRET_MAX) < 0) {
		free(session);
		return 0;
	}
	left = bytes_slice(left, 1, left.len);
	buf_text(&secret, "pencil");
	login.secret = &secret;
	login.way = (enum sasl_way)(data[0] % (SASL_EXTERNAL + 1));
	session_init(session, &wire, &smtp_times_usual,
		     clock_now_ms() + 60000);
	if (session_open(session, SMTP_GREETS, &out) &&
	    ((data[0] & 0x80) != 0 || session_login(session, &login, &out)))
		submit(session, &out);
	if (memchr(out.text, 0, sizeof(out.text)) == NULL ||
	    strstr(out.text, "pencil") != NULL)
		abort();
	session_free(session);
	secret_free(&secret);
	free(session);
	return 0;
}
