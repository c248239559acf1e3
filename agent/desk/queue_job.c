/* queue_job.c - a queued submission as text, and back */
#include "agent/desk/queue_job.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"

#define FIRST_LINE	"mailseal-job 1"
#define LINE_BYTES	1000	/* of an address or a name */

bool queue_id_is_valid(const char *id)
{
	size_t len = strlen(id), i;

	if (len < QUEUE_ID_MIN || len > QUEUE_ID_MAX || id[0] == '.' ||
	    id[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!byte_is_alpha((unsigned char)id[i]) &&
		    !byte_is_digit((unsigned char)id[i]) && id[i] != '-' &&
		    id[i] != '_' && id[i] != '.')
			return false;
	return true;
}

static bool is_clean(const char *text)
{
	for (; *text != 0; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* `text` NULL: no such line.  False: it cannot stand on a line. */
static bool line_print(struct buf *to, const char *word, const char *text)
{
	if (text == NULL)
		return true;
	buf_print(to, "%s %s\n", word, text);
	return is_clean(text);
}

static bool envelope_print(const struct queue_job *job, size_t nth,
			   struct buf *to)
{
	const struct queue_envelope *envelope = &job->envelopes[nth];
	const struct queue_recipient *recipient;
	bool fine = envelope->count > 0;
	size_t i;

	buf_print(to, "envelope %llu %llu%s%s%s\n",
		  (unsigned long long)envelope->offset,
		  (unsigned long long)envelope->size,
		  envelope->eight_bit ? " 8bit" : "",
		  envelope->utf8 ? " utf8" : "",
		  envelope->utf8_header ? " utf8-header" : "");
	fine = line_print(to, "sender", envelope->sender) && fine;
	for (i = 0; i < envelope->count; i++) {
		recipient = &job->recipients[envelope->first + i];
		fine = line_print(to, "to", recipient->address) && fine;
		fine = line_print(to, "learn", recipient->learn) && fine;
	}
	return fine;
}

int queue_job_print(const struct queue_job *job, struct buf *to)
{
	bool fine = job->envelope_count > 0 && queue_id_is_valid(job->id);
	size_t i;

	buf_text(to, FIRST_LINE "\n");
	fine = line_print(to, "id", job->id) && fine;
	fine = line_print(to, "account", job->account) && fine;
	buf_print(to, "created %lld\norder %llu\n", (long long)job->created,
		  (unsigned long long)job->order);
	fine = line_print(to, "message-id", job->message_id) && fine;
	fine = line_print(to, "notify", job->notify) && fine;
	fine = line_print(to, "ret", job->ret) && fine;
	fine = line_print(to, "envelope-id", job->envelope_id) && fine;
	if (job->chosen)
		buf_text(to, "chosen\n");
	if (job->require_tls)
		buf_text(to, "require-tls\n");
	if (job->is_signed)
		buf_text(to, "signed\n");
	if (job->is_encrypted)
		buf_text(to, "encrypted\n");
	fine = line_print(to, "scheme", job->scheme) && fine;
	for (i = 0; i < job->remark_count; i++) {
		buf_print(to, "remark %s %s\n", job->remarks[i].code,
			  job->remarks[i].text);
		fine = is_clean(job->remarks[i].text) && fine;
	}
	for (i = 0; i < job->envelope_count; i++)
		fine = envelope_print(job, i, to) && fine;
	buf_text(to, "end\n");
	if (to->full)
		return ERR_LIMIT;
	return fine ? 0 : ERR_SYNTAX;
}

struct parser {
	struct arena *arena;
	struct queue_job *out;
	uint64_t mail_size;
	struct queue_envelope *now;	/* NULL: none yet */
	bool ended;
};

static int text_take(struct parser *parser, struct bytes rest,
		     const char **to)
{
	if (*to != NULL || parser->now != NULL)
		return ERR_SYNTAX;
	*to = arena_text(parser->arena, rest);
	if (*to == NULL)
		return bytes_has(rest, 0) ? ERR_SYNTAX : ERR_LIMIT;
	return is_clean(*to) ? 0 : ERR_SYNTAX;
}

static int number_take(struct bytes text, uint64_t *to)
{
	long long number = bytes_number(text);

	if (number < 0)
		return ERR_SYNTAX;
	*to = (uint64_t)number;
	return 0;
}

static int envelope_take(struct parser *parser, struct bytes rest)
{
	struct queue_job *out = parser->out;
	struct queue_envelope *envelope;
	struct bytes word;

	if (out->envelope_count == QUEUE_ENVELOPES_MAX)
		return ERR_LIMIT;
	if (parser->now != NULL &&
	    (parser->now->count == 0 || parser->now->sender == NULL))
		return ERR_SYNTAX;
	envelope = &out->envelopes[out->envelope_count++];
	memset(envelope, 0, sizeof(*envelope));
	envelope->first = out->recipient_count;
	parser->now = envelope;
	(void)bytes_cut(rest, ' ', &word, &rest);
	if (number_take(word, &envelope->offset) < 0)
		return ERR_SYNTAX;
	(void)bytes_cut(rest, ' ', &word, &rest);
	if (number_take(word, &envelope->size) < 0 ||
	    envelope->offset > parser->mail_size ||
	    envelope->size > parser->mail_size - envelope->offset)
		return ERR_SYNTAX;
	while (rest.len > 0) {
		(void)bytes_cut(rest, ' ', &word, &rest);
		if (bytes_is(word, "8bit"))
			envelope->eight_bit = true;
		else if (bytes_is(word, "utf8"))
			envelope->utf8 = true;
		else if (bytes_is(word, "utf8-header"))
			envelope->utf8_header = true;
		else
			return ERR_SYNTAX;
	}
	return 0;
}

static int text_of(struct parser *parser, struct bytes rest,
			const char **to)
{
	if (rest.len > LINE_BYTES)
		return ERR_LIMIT;
	*to = arena_text(parser->arena, rest);
	if (*to == NULL)
		return bytes_has(rest, 0) ? ERR_SYNTAX : ERR_LIMIT;
	return is_clean(*to) ? 0 : ERR_SYNTAX;
}

static int recipient_take(struct parser *parser, struct bytes rest)
{
	struct queue_job *out = parser->out;
	struct queue_recipient *to;

	if (parser->now == NULL || parser->now->sender == NULL ||
	    rest.len == 0)
		return ERR_SYNTAX;
	if (out->recipient_count == QUEUE_RECIPIENTS_MAX)
		return ERR_LIMIT;
	to = &out->recipients[out->recipient_count++];
	to->envelope = out->envelope_count - 1;
	to->learn = NULL;
	parser->now->count++;
	return text_of(parser, rest, &to->address);
}

/* Of the recipient before it. */
static int learn_take(struct parser *parser, struct bytes rest)
{
	struct queue_recipient *to;

	if (parser->now == NULL || parser->now->count == 0)
		return ERR_SYNTAX;
	to = &parser->out->recipients[parser->out->recipient_count - 1];
	if (to->learn != NULL)
		return ERR_SYNTAX;
	return text_of(parser, rest, &to->learn);
}

static int remark_take(struct parser *parser, struct bytes rest)
{
	struct queue_job *out = parser->out;
	struct queue_remark *remark;
	struct bytes code;
	int r;

	if (parser->now != NULL || !bytes_cut(rest, ' ', &code, &rest))
		return ERR_SYNTAX;
	if (out->remark_count == QUEUE_REMARKS_MAX)
		return ERR_LIMIT;
	remark = &out->remarks[out->remark_count++];
	r = text_of(parser, code, &remark->code);
	return r < 0 ? r : text_of(parser, rest, &remark->text);
}

/* Words that stand alone. */
static bool flag_take(struct queue_job *out, struct bytes line)
{
	const struct { const char *word; bool *flag; } flags[] = {
		{ "chosen", &out->chosen },
		{ "require-tls", &out->require_tls },
		{ "signed", &out->is_signed },
		{ "encrypted", &out->is_encrypted },
	};
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (bytes_is(line, flags[i].word)) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

static int line_take(struct parser *parser, struct bytes line)
{
	struct queue_job *out = parser->out;
	struct bytes word, rest;
	uint64_t number;
	int r;

	(void)bytes_cut(line, ' ', &word, &rest);
	if (bytes_is(word, "id"))
		return text_take(parser, rest, &out->id);
	if (bytes_is(word, "account"))
		return text_take(parser, rest, &out->account);
	if (bytes_is(word, "message-id"))
		return text_take(parser, rest, &out->message_id);
	if (bytes_is(word, "notify"))
		return text_take(parser, rest, &out->notify);
	if (bytes_is(word, "ret"))
		return text_take(parser, rest, &out->ret);
	if (bytes_is(word, "envelope-id"))
		return text_take(parser, rest, &out->envelope_id);
	if (bytes_is(word, "created")) {
		r = number_take(rest, &number);
		out->created = r < 0 ? 0 : (int64_t)number;
		return r;
	}
	if (bytes_is(word, "order"))
		return number_take(rest, &out->order);
	if (flag_take(out, line))
		return 0;
	if (bytes_is(word, "scheme"))
		return text_take(parser, rest, &out->scheme);
	if (bytes_is(word, "remark"))
		return remark_take(parser, rest);
	if (bytes_is(word, "envelope"))
		return envelope_take(parser, rest);
	if (bytes_is(word, "sender") && parser->now != NULL &&
	    parser->now->sender == NULL)
		return text_of(parser, rest, &parser->now->sender);
	if (bytes_is(word, "to"))
		return recipient_take(parser, rest);
	if (bytes_is(word, "learn"))
		return learn_take(parser, rest);
	parser->ended = bytes_is(line, "end");
	return parser->ended ? 0 : ERR_SYNTAX;
}

/* Room for as many as there are lines that begin so. */
static size_t lines_count(struct bytes text, const char *with)
{
	struct bytes line;
	size_t count = 0;

	while (text.len > 0) {
		(void)bytes_cut(text, '\n', &line, &text);
		if (bytes_starts(line, with))
			count++;
	}
	return count;
}

int queue_job_parse(struct arena *arena, struct bytes text, uint64_t mail_size,
		    struct queue_job *out)
{
	struct parser parser = { arena, out, mail_size, NULL, false };
	size_t envelopes, recipients;
	struct bytes line;
	int r = 0;

	memset(out, 0, sizeof(*out));
	if (text.len > QUEUE_TEXT_MAX)
		return ERR_LIMIT;
	if (text.len == 0 || text.data[text.len - 1] != '\n')
		return ERR_SYNTAX;
	envelopes = lines_count(text, "envelope ");
	recipients = lines_count(text, "to ");
	if (envelopes > QUEUE_ENVELOPES_MAX ||
	    recipients > QUEUE_RECIPIENTS_MAX)
		return ERR_LIMIT;
	out->envelopes = arena_array(arena, envelopes + 1,
				     sizeof(*out->envelopes));
	out->recipients = arena_array(arena, recipients + 1,
				      sizeof(*out->recipients));
	if (out->envelopes == NULL || out->recipients == NULL)
		return ERR_LIMIT;
	(void)bytes_cut(text, '\n', &line, &text);
	if (!bytes_is(line, FIRST_LINE))
		return ERR_SYNTAX;
	while (r == 0 && text.len > 0 && !parser.ended) {
		(void)bytes_cut(text, '\n', &line, &text);
		r = line_take(&parser, line);
	}
	if (r < 0)
		return r;
	if (!parser.ended || text.len > 0 || out->id == NULL ||
	    out->account == NULL || !queue_id_is_valid(out->id) ||
	    parser.now == NULL || parser.now->count == 0)
		return ERR_SYNTAX;
	return 0;
}
