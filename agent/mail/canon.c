/* canon.c - most mail is canonical already, so it is looked through by the
 * word and goes to the sink in long runs; only what must change is touched */
#include "agent/mail/canon.h"

#include "agent/base/bytes.h"
#include "agent/mail/canon_lf.h"
#include "agent/mail/lanes.h"

#define STAGE_SIZE	8192	/* on the stack: threads are small */
#define STAGE_DIRECT	512	/* from here on a run is not copied */

/* Short runs put together, so that the sink is called seldom. */
struct stage {
	const struct canon_sink *sink;
	size_t used;
	unsigned char room[STAGE_SIZE];
};

static void stage_start(struct stage *stage, const struct canon_sink *sink)
{
	stage->sink = sink;
	stage->used = 0;
}

static void stage_flush(struct stage *stage)
{
	struct bytes piece = { stage->room, stage->used };

	if (stage->used > 0)
		stage->sink->take(stage->sink->ctx, piece);
	stage->used = 0;
}

static void stage_put(struct stage *stage, struct bytes piece)
{
	if (piece.len > STAGE_SIZE - stage->used)
		stage_flush(stage);
	if (piece.len >= STAGE_DIRECT) {
		stage_flush(stage);
		stage->sink->take(stage->sink->ctx, piece);
	} else if (piece.len > 0) {
		memcpy(stage->room + stage->used, piece.data, piece.len);
		stage->used += piece.len;
	}
}

/* --- header fields */

/* As it stands, but for line ends: LF becomes CRLF. */
static void field_simple(struct bytes field, struct stage *stage)
{
	struct bytes line;
	bool more = true;

	while (more) {
		more = bytes_cut(field, '\n', &line, &field);
		if (more && line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		stage_put(stage, line);
		if (more)
			stage_put(stage, bytes_of("\r\n"));
	}
}

static void name_relaxed(struct bytes name, struct stage *stage)
{
	unsigned char lower[128];
	struct bytes piece = { lower, 0 };
	size_t i;

	for (i = 0; i < name.len; i++) {
		lower[piece.len++] = byte_lower(name.data[i]);
		if (piece.len == sizeof(lower) || i + 1 == name.len) {
			stage_put(stage, piece);
			piece.len = 0;
		}
	}
}

/* How many octets of blanks and line ends stand at `at`. */
static size_t gap_at(struct bytes value, size_t at)
{
	size_t i = at;

	while (i < value.len) {
		if (byte_is_blank(value.data[i]) || value.data[i] == '\n')
			i++;
		else if (value.data[i] == '\r' && i + 1 < value.len &&
			 value.data[i + 1] == '\n')
			i += 2;
		else
			break;
	}
	return i - at;
}

/* Unfolded, runs of blanks one, none at the ends (section 3.4.2).  A bare CR
 * is no blank. */
static void value_relaxed(struct bytes value, struct stage *stage)
{
	size_t at = gap_at(value, 0), start = at, gap;

	while (at < value.len) {
		gap = value.data[at] > ' ' ? 0 : gap_at(value, at);
		if (gap == 0) {
			at++;
			continue;
		}
		stage_put(stage, bytes_slice(value, start, at));
		at += gap;
		start = at;
		if (at < value.len)
			stage_put(stage, bytes_of(" "));
	}
	stage_put(stage, bytes_slice(value, start, value.len));
}

static struct bytes without_line_end(struct bytes field)
{
	if (field.len > 0 && field.data[field.len - 1] == '\n') {
		field.len--;
		if (field.len > 0 && field.data[field.len - 1] == '\r')
			field.len--;
	}
	return field;
}

void canon_field(enum canon form, struct bytes field, enum canon_end end,
		 const struct canon_sink *sink)
{
	struct bytes name, value;
	struct stage stage;

	stage_start(&stage, sink);
	field = without_line_end(field);
	if (form == CANON_SIMPLE) {
		field_simple(field, &stage);
	} else {
		bool colon = bytes_cut(field, ':', &name, &value);

		name_relaxed(bytes_trim(name), &stage);
		if (colon)
			stage_put(&stage, bytes_of(":"));
		value_relaxed(value, &stage);
	}
	if (end == CANON_WITH_CRLF)
		stage_put(&stage, bytes_of("\r\n"));
	stage_flush(&stage);
}

/* --- bodies */

void canon_body_start(struct canon_body *body, enum canon form, uint64_t limit,
		      const struct canon_sink *sink)
{
	memset(body, 0, sizeof(*body));
	body->form = form;
	body->sink = *sink;
	body->limit = limit;
}

/* Counts, and hands out what is within l=. */
static void body_put(struct canon_body *body, struct stage *stage,
		     struct bytes piece)
{
	uint64_t left = body->limit > body->length ?
			body->limit - body->length : 0;

	body->length += piece.len;
	if (piece.len > left)
		piece.len = (size_t)left;
	stage_put(stage, piece);
}

/* Something of a line comes: the empty lines held back were inside. */
static void body_text(struct canon_body *body, struct stage *stage,
		      struct bytes piece)
{
	if (piece.len == 0)
		return;
	for (; body->empty_lines > 0; body->empty_lines--)
		body_put(body, stage, bytes_of("\r\n"));
	if (body->blank)
		body_put(body, stage, bytes_of(" "));
	body->blank = false;
	body_put(body, stage, piece);
	body->in_line = true;
}

static void body_line_end(struct canon_body *body, struct stage *stage)
{
	body->blank = false;		/* relaxed: blanks at a line's end */
	if (!body->in_line) {
		body->empty_lines++;
		return;
	}
	body_put(body, stage, bytes_of("\r\n"));
	body->in_line = false;
}

/* One octet that may have to change. */
static void body_octet(struct canon_body *body, struct stage *stage,
		       const unsigned char *at)
{
	struct bytes octet = { at, 1 };

	if (body->had_cr && *at != '\n')
		body_text(body, stage, bytes_of("\r"));	/* it was bare */
	body->had_cr = *at == '\r';
	if (*at == '\n')
		body_line_end(body, stage);
	else if (body->form == CANON_RELAXED && byte_is_blank(*at))
		body->blank = true;
	else if (*at != '\r')
		body_text(body, stage, octet);
}

/* Octets that are canonical as they stand, whole lines with CRLF among them:
 * the line ends at their end may turn out to be empty lines at the end of
 * the body. */
static void body_run(struct canon_body *body, struct stage *stage,
		     struct bytes run)
{
	size_t ends = 0;

	while (run.len >= 2 && run.data[run.len - 2] == '\r' &&
	       run.data[run.len - 1] == '\n') {
		run.len -= 2;
		ends++;
	}
	if (run.len > 0 && ends > 0) {
		run.len += 2;
		ends--;
		body_text(body, stage, run);
		body->in_line = false;
	} else {
		body_text(body, stage, run);
	}
	for (; ends > 0; ends--)
		body_line_end(body, stage);
}

/* Whether `c` may have to change, `after` being the octet behind it: a bare
 * LF comes next, or it is a blank that does not stand alone. */
static bool is_odd(unsigned char c, unsigned char after, enum canon form)
{
	if (after == '\n' && c != '\r')
		return true;
	return form == CANON_RELAXED &&
	       (c == '\t' || (c == ' ' && after <= ' '));
}

/* The first octet from `at` on that is_odd, or the last octet of `text`, of
 * which it cannot be told. */
static size_t odd_find(struct bytes text, size_t at, enum canon form)
{
	lanes here, after, odd;

	for (; at + LANES < text.len; at += LANES) {
		here = lanes_at(text.data + at);
		after = lanes_at(text.data + at + 1);
		odd = (lanes)(after == '\n') & (lanes)(here != '\r');
		if (form == CANON_RELAXED)
			odd |= (lanes)(here == '\t') |
			       ((lanes)(here == ' ') & (lanes)(after <= ' '));
		if (lanes_any(odd))
			return at + lanes_first(odd);
	}
	for (; at + 1 < text.len; at++)
		if (is_odd(text.data[at], text.data[at + 1], form))
			break;
	return at;
}

size_t canon_bare_lf(struct bytes text, size_t at)
{
	at = odd_find(text, at, CANON_SIMPLE);
	return at + 1 < text.len ? at + 1 : text.len;
}

/* Lines that end with LF alone; how far it came.  What is held back is
 * written by whoever sees what comes behind it. */
static size_t body_lines(struct canon_body *body, struct stage *stage,
			 struct bytes piece, size_t at)
{
	size_t copied;

	if (body->blank || body->limit != CANON_NO_LIMIT ||
	    piece.data[at] <= ' ')
		return at;
	for (; body->empty_lines > 0; body->empty_lines--)
		body_put(body, stage, bytes_of("\r\n"));
	if (STAGE_SIZE - stage->used < STAGE_DIRECT)
		stage_flush(stage);
	copied = canon_lf_copy(piece, &at, body->form,
			       stage->room + stage->used,
			       STAGE_SIZE - stage->used, &body->in_line);
	stage->used += copied;
	body->length += copied;
	return at;
}

void canon_body_more(struct canon_body *body, struct bytes piece)
{
	bool has_lf = canon_lf_is(piece);
	struct stage stage;
	size_t at = 0, end;

	stage_start(&stage, &body->sink);
	while (at < piece.len) {
		end = at;
		if (has_lf && !body->had_cr)
			at = body_lines(body, &stage, piece, at);
		if (at > end)
			continue;
		/* A run may not begin where the octet before matters. */
		if (body->had_cr || body->blank || piece.data[at] == '\n') {
			body_octet(body, &stage, piece.data + at++);
			continue;
		}
		end = odd_find(piece, at, body->form);
		if (end + 1 < piece.len && piece.data[end + 1] == '\n' &&
		    !(body->form == CANON_RELAXED &&
		      byte_is_blank(piece.data[end])) &&
		    piece.data[end] != '\r') {
			end++;		/* text in front of a bare LF */
		} else if (end > at && piece.data[end] == '\n' &&
			 piece.data[end - 1] == '\r')
			end--;		/* a line end stays whole */
		body_run(body, &stage, bytes_slice(piece, at, end));
		if (end < piece.len)
			body_octet(body, &stage, piece.data + end++);
		at = end;
	}
	stage_flush(&stage);
}

void canon_body_end(struct canon_body *body)
{
	struct stage stage;

	stage_start(&stage, &body->sink);
	if (body->had_cr)
		body_text(body, &stage, bytes_of("\r"));
	body->had_cr = false;
	body->blank = false;
	/* A last line without its end gets one (RFC 6376 section 3.4.3). */
	if (body->in_line)
		body_line_end(body, &stage);
	if (body->form == CANON_SIMPLE && body->length == 0)
		body_put(body, &stage, bytes_of("\r\n"));
	body->empty_lines = 0;
	stage_flush(&stage);
}
