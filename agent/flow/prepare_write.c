/* prepare_write.c - the mail as it goes out, into the queue's file */
#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/desk/queue_file.h"
#include "agent/flow/prepare_header.h"
#include "agent/flow/prepare_inside.h"
#include "agent/mail/mime_code.h"

#define QUOTE_MAX (16 * 1024 * 1024)	/* bytes that are made
					 * quoted-printable */

/* Looks through the message as it will be. */
static int scan(struct prepare *prepare, const struct source *source,
		struct body_scan *out)
{
	unsigned char *room = arena_alloc(prepare->arena, STREAM_PIECE);
	int got = ERR_LIMIT;

	body_scan_start(out);
	if (room != NULL && source->rewind(source->ctx) == 0)
		while ((got = source->read(source->ctx, room,
					   STREAM_PIECE)) > 0)
			body_scan_more(out, (struct bytes){ room,
							    (size_t)got });
	if (got == ERR_SYNTAX)
		return prepare_refuse(prepare, got, "InvalidMessage", "The "
				      "message holds a NUL; let the mail "
				      "client encode binary files as base64.");
	if (got == ERR_IO)
		return prepare_refuse(prepare, got, "InvalidMessage", "The "
				      "message's file could not be read to its "
				      "end.");
	return got < 0 ? prepare_no_memory(prepare) : 0;
}

/* As it goes out, the same in all envelopes. */
static int mail_write(struct prepare *prepare, const struct source *source,
		      const struct body_scan *scanned, int fd)
{
	struct queue_job *job = &prepare->job;
	struct queue_writer writer;
	struct sink sink;
	size_t i;
	int r;

	r = queue_writer_open(&writer, fd);
	sink = queue_writer_sink(&writer);
	if (r == 0 && source->rewind(source->ctx) < 0)
		r = ERR_IO;
	if (r == 0)
		r = stream_copy(source, &sink);
	for (i = 0; i < job->envelope_count; i++) {
		job->envelopes[i].size = writer.size;
		job->envelopes[i].eight_bit = scanned->facts.eight_bit;
		job->envelopes[i].utf8_header =
			scanned->facts.eight_bit_header;
	}
	prepare->out->size = writer.size;
	if (r == 0)
		r = queue_writer_close(&writer, job);
	queue_writer_free(&writer);
	return r < 0 ? prepare_storage_refuse(prepare, r) : 0;
}

/* The body as quoted-printable, behind the header. */
static int quoted_make(const struct source *plain, struct buf *to)
{
	struct sink sink = sink_of_buf(to);
	struct mime_writer *writer = mime_writer_new(&sink, MIME_TO_QUOTED);
	struct sink quoted;
	int r = writer == NULL ? ERR_MEMORY : 0;

	if (r == 0) {
		quoted = mime_writer_sink(writer);
		r = plain->rewind(plain->ctx);
		if (r == 0)
			r = stream_copy(plain, &quoted);
		if (r == 0)
			r = mime_writer_end(writer);
	}
	mime_writer_free(writer);
	return r;
}

static int lines_refuse(struct prepare *prepare, uint64_t longest)
{
	return prepare_refuse(prepare, ERR_LIMIT, "InvalidMessage", "A line of "
			      "the message has %llu bytes, and mail allows %d "
			      "(RFC 5322); let the mail client write it as "
			      "quoted-printable.", (unsigned long long)longest,
			      BODY_LINE_MAX);
}

/* Text of too long lines, from programs that know nothing of mail, becomes
 * quoted-printable; what has a structure is its author's matter. */
static int mail_quote(struct prepare *prepare, struct outgoing_extra *extra,
		      uint64_t longest, int fd)
{
	struct buf empty, body, header, all;
	struct outgoing_reader *reader;
	struct bytes_reader bytes;
	struct body_scan scanned;
	struct source source;
	int r;

	if (!outgoing_may_quote(&prepare->message) ||
	    prepare->message.file->size > QUOTE_MAX)
		return lines_refuse(prepare, longest);
	extra->quoted = true;
	buf_init(&empty, 0);
	buf_init(&header, 2 * OUTGOING_HEADER_MAX);
	buf_init(&body, 4 * QUOTE_MAX);
	reader = outgoing_reader_new(&prepare->message, &empty);
	r = reader == NULL ? ERR_MEMORY :
		outgoing_header(&prepare->message, extra, &header);
	if (r == 0) {
		source = outgoing_reader_source(reader);
		r = quoted_make(&source, &body);
	}
	buf_init(&all, header.len + body.len);
	buf_add(&all, buf_bytes(&header));
	buf_add(&all, buf_bytes(&body));
	source = source_of_bytes(&bytes, buf_bytes(&all));
	if (r < 0 || all.full)
		r = prepare_no_memory(prepare);
	else
		r = scan(prepare, &source, &scanned);
	if (r == 0 && scanned.facts.longest > BODY_LINE_MAX)
		r = lines_refuse(prepare, scanned.facts.longest);
	if (r == 0)
		r = mail_write(prepare, &source, &scanned, fd);
	outgoing_reader_free(reader);
	buf_free(&all);
	buf_free(&body);
	buf_free(&header);
	return r;
}

int prepare_write(struct prepare *prepare, int fd)
{
	const struct prepare_question *question = prepare->question;
	const char *address = prepare->out->account->addresses[0];
	struct outgoing_reader *reader = NULL;
	struct outgoing_extra extra;
	struct body_scan scanned;
	struct source source;
	struct buf header;
	int r;

	memset(&extra, 0, sizeof(extra));
	if (prepare->given != NULL && prepare->given[0] != 0)
		address = prepare->given;
	extra.from = prepare_from(prepare->arena, question->full_name,
				  address);
	extra.date = prepare_date(prepare->arena, question->created);
	extra.message_id = prepare_message_id(prepare->arena, address);
	if (extra.from == NULL || extra.date == NULL ||
	    extra.message_id == NULL)
		return prepare_no_memory(prepare);
	buf_init(&header, 2 * OUTGOING_HEADER_MAX);
	r = outgoing_header(&prepare->message, &extra, &header);
	if (r == 0)
		reader = outgoing_reader_new(&prepare->message, &header);
	if (r == ERR_SYNTAX)
		r = prepare_refuse(prepare, r, "InvalidMessage", "The "
				   "message's header holds a NUL.");
	else if (reader == NULL)
		r = prepare_no_memory(prepare);
	if (r == 0) {
		prepare->job.message_id =
			outgoing_text(prepare->arena, &prepare->message,
				      "Message-ID");
		if (prepare->job.message_id == NULL &&
		    !prepare->message.resent)
			prepare->job.message_id = extra.message_id;
		prepare->out->message_id = prepare->job.message_id;
		source = outgoing_reader_source(reader);
		r = scan(prepare, &source, &scanned);
	}
	if (r == 0 && prepare->seals)
		r = prepare_seal_write(prepare, &source, fd);
	else if (r == 0 && scanned.facts.longest > BODY_LINE_MAX)
		r = mail_quote(prepare, &extra, scanned.facts.longest, fd);
	else if (r == 0)
		r = mail_write(prepare, &source, &scanned, fd);
	outgoing_reader_free(reader);
	buf_free(&header);
	return r;
}
