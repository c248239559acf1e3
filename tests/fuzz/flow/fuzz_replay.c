/* fuzz_replay.c - a genuine message with any bytes around it
 *
 * The input up to its first '|' goes on top of Alice's signed message, the
 * rest behind it.  Where her name is still shown, a mail client's parser
 * (GMime's) must see what she signed: one From, her Subject, her Date, her
 * text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <gmime/gmime.h>
#pragma GCC diagnostic pop

#include "agent/base/buf.h"
#include "tests/flow/desk.h"

#define SIGNED	"From: Alice Harper <alice@example.org>\r\n" \
		"To: me@user.example\r\nSubject: Lunch\r\nDate: " DESK_DATE \
		"\r\n\r\nShall we?\r\n"
#define TEXT	"Shall we?"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "a client shows another %s\n", what);
	abort();
}

static void look_as_client(struct bytes raw)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(
		(const char *)raw.data, raw.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message;
	InternetAddressList *from;
	const char *subject;
	GMimeObject *part;
	char *text = NULL;

	message = g_mime_parser_construct_message(parser, NULL);
	if (message != NULL) {
		subject = g_mime_message_get_subject(message);
		must(subject == NULL || strcmp(subject, "Lunch") == 0,
		     "Subject");
		from = g_mime_message_get_from(message);
		must(internet_address_list_length(from) <= 1, "From");
		part = g_mime_message_get_mime_part(message);
		if (part != NULL && GMIME_IS_TEXT_PART(part))
			text = g_mime_text_part_get_text((GMimeTextPart *)part);
		must(text == NULL || strncmp(text, TEXT, strlen(TEXT)) == 0,
		     "text");
		g_free(text);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct desk *desk;
	static const char *letter;
	struct bytes text = { data, size }, top, tail;
	struct dkim_sign_options how;
	struct desk_answer answer;
	struct buf raw;
	static int count;
	void *state = NULL;

	if (desk != NULL && ++count % 500 == 0) {	/* its arena fills up */
		state = desk;
		(void)desk_tear_down(&state);
		desk = NULL;
	}
	if (desk == NULL) {
		(void)desk_set_up(&state);
		desk = state;
		memset(&how, 0, sizeof(how));
		how.domain = "example.org";
		how.fields = "from:to:subject:date:mime-version:content-type:"
			     "content-transfer-encoding";
		letter = desk_sign_as(desk, &how, SIGNED);
	}
	(void)bytes_cut(text, '|', &top, &tail);
	buf_init(&raw, 1024 * 1024);
	buf_add(&raw, top);
	buf_text(&raw, letter);
	buf_add(&raw, tail);
	answer = desk_check_bytes(desk, buf_bytes(&raw));
	if (strcmp(answer.display, "name") == 0)
		look_as_client(buf_bytes(&raw));
	buf_free(&raw);
	return 0;
}
