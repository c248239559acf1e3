/* mime.c - lines in, parts out: delimiters, headers, nothing else */
#include "agent/mail/mime.h"

#include <stdlib.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/mail/message.h"
#include "agent/mail/mime_lines.h"
#include "agent/mail/mime_part.h"

#define HELD_MAX	1024	/* octets of a line that may be a delimiter */

struct mime_scan {
	struct arena *arena;
	enum mime_want want;
	struct mime_part *root;
	struct mime_part *part;		/* what the bytes belong to */
	bool in_header;			/* of `part` */
	bool in_epilogue;		/* `part` is a multipart, and closed */
	struct buf header;		/* of `part`, so far */
	size_t headers;			/* octets of all headers */
	size_t parts;
	uint64_t offset;		/* where the next line begins */
	unsigned line_end;		/* octets that ended the line before */
	unsigned char held[HELD_MAX];	/* a line that is not whole yet */
	size_t held_len;
	bool in_line;			/* `held` went out: the rest comes */
	uint64_t line_len;		/* octets of the line so far */
	bool last_cr;			/* the last octet was a CR */
	bool last_blank;
	int failed;
};

enum piece_kind { LINE_START, LINE_REST };

struct mime_scan *mime_scan_new(struct arena *arena, enum mime_want want)
{
	struct mime_scan *scan = calloc(1, sizeof(*scan));

	if (scan == NULL)
		return NULL;
	scan->arena = arena;
	scan->want = want;
	scan->root = arena_alloc(arena, sizeof(*scan->root));
	if (scan->root == NULL) {
		free(scan);
		return NULL;
	}
	scan->root->nth = 1;
	scan->part = scan->root;
	scan->in_header = true;
	scan->parts = 1;
	buf_init(&scan->header, MESSAGE_HEADER_MAX + 2);
	return scan;
}

void mime_scan_free(struct mime_scan *scan)
{
	if (scan == NULL)
		return;
	buf_free(&scan->header);
	free(scan);
}

static struct mime_part *part_add(struct mime_scan *scan,
				  struct mime_part *parent, uint64_t start)
{
	struct mime_part *part = arena_alloc(scan->arena, sizeof(*part));

	if (part == NULL) {
		scan->failed = ERR_LIMIT;
		return NULL;
	}
	part->parent = parent;
	part->depth = parent->depth + 1;
	part->start = part->body = part->end = start;
	part->nth = 1;
	if (parent->last != NULL) {
		parent->last->next = part;
		part->nth = parent->last->nth + 1;
	} else {
		parent->first = part;
	}
	parent->last = part;
	scan->part = part;
	scan->in_header = true;
	buf_free(&scan->header);
	buf_init(&scan->header, MIME_HEADER_MAX);
	scan->parts++;
	return part;
}

static bool has_parts(const struct mime_part *part)
{
	return part->boundary.len > 0 ||
	       (mime_is(&part->type, "message/rfc822") &&
		part->encoding <= MIME_BINARY);
}

/* The header is whole; the body begins at `body`. */
static void header_end(struct mime_scan *scan, uint64_t body)
{
	struct mime_part *part = scan->part;
	struct mime_part *child;

	scan->in_header = false;
	part->body = part->end = body;
	scan->headers += scan->header.len;
	if (scan->header.full || scan->headers > MIME_HEADERS_MAX)
		scan->failed = ERR_LIMIT;
	if (scan->failed == 0)
		scan->failed = mime_part_read(scan->arena, part,
					      buf_bytes(&scan->header));
	if (scan->failed < 0 || !has_parts(part))
		return;
	if (part->depth >= MIME_DEPTH_MAX || scan->parts >= MIME_PARTS_MAX) {
		part->boundary.len = 0;
		mime_part_odd(part, "There are more parts within parts than "
			      "are looked into.");
		return;
	}
	if (part->boundary.len > 0)
		return;
	child = part_add(scan, part, body);
	if (child != NULL)
		child->is_message = true;
}

static bool is_open(struct mime_scan *scan, const struct mime_part *part)
{
	return part->boundary.len > 0 &&
	       !(scan->in_epilogue && scan->part == part);
}

/* The line before ended in front of `at`: so do all parts below `above`. */
static void close_below(struct mime_scan *scan, struct mime_part *above,
			uint64_t at)
{
	struct mime_part *part;
	uint64_t end = at - scan->line_end;

	while (scan->in_header && scan->part != above && scan->failed == 0)
		header_end(scan, at);
	for (part = scan->part; part != above; part = part->parent) {
		part->end = end > part->body ? end : part->body;
		if (part->boundary.len > 0 && !part->is_closed)
			mime_part_odd(part, "A multipart ends without its "
				      "last delimiter.");
	}
	scan->part = above;
	scan->in_epilogue = false;
}

enum delimiter { NO_DELIMITER, NEXT_PART, LAST_PART };

static enum delimiter delimiter_of(struct bytes text,
				   const struct mime_part *multipart,
				   bool *begins)
{
	struct bytes tail;

	*begins = false;
	if (text.len < multipart->boundary.len ||
	    memcmp(text.data, multipart->boundary.data,
		   multipart->boundary.len) != 0)
		return NO_DELIMITER;
	tail = bytes_slice(text, multipart->boundary.len, text.len);
	if (tail.len == 0)
		return NEXT_PART;
	if (bytes_is(tail, "--"))
		return LAST_PART;
	*begins = true;
	return NO_DELIMITER;
}

/* `line` begins with "--"; true: it was a delimiter. */
static bool delimiter_take(struct mime_scan *scan, struct bytes line)
{
	struct bytes text = bytes_slice(bytes_trim(line), 2, line.len);
	struct mime_part *part, *near = NULL;
	enum delimiter what = NO_DELIMITER;
	bool begins;

	for (part = scan->part; part != NULL; part = part->parent) {
		if (!is_open(scan, part))
			continue;
		what = delimiter_of(text, part, &begins);
		if (what != NO_DELIMITER)
			break;
		if (begins)
			near = part;
	}
	if (what == NO_DELIMITER) {
		if (near != NULL)
			mime_part_odd(near, "A line begins as a delimiter "
				      "does, and goes on.");
		return false;
	}
	close_below(scan, part, scan->offset);
	if (what == LAST_PART) {
		part->is_closed = true;
		scan->in_epilogue = true;
	} else if (scan->parts >= MIME_PARTS_MAX) {
		mime_part_odd(part, "There are more parts than are listed.");
		scan->in_epilogue = false;
	} else {
		(void)part_add(scan, part, scan->offset + line.len);
	}
	return true;
}

static bool has_eight_bit(struct bytes piece)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + sizeof(word) <= piece.len; i += sizeof(word)) {
		memcpy(&word, piece.data + i, sizeof(word));
		if ((word & 0x8080808080808080u) != 0)
			return true;
	}
	for (; i < piece.len; i++)
		if (piece.data[i] > 127)
			return true;
	return false;
}

/* `text`: what of the line came now, without the octets that end it. */
static void lines_look(struct mime_scan *scan, struct bytes text,
		       enum piece_kind kind, bool ended)
{
	struct mime_lines *lines = &scan->part->lines;

	if (kind == LINE_START) {
		scan->line_len = 0;
		scan->last_blank = false;
		if (bytes_starts(text, "From "))
			lines->from_line = true;
	}
	/* A CR whose LF might still have come, and did not. */
	if (scan->last_cr) {
		lines->bare_cr = true;
		scan->line_len++;
	}
	scan->line_len += text.len;
	if (!lines->eight_bit)
		lines->eight_bit = has_eight_bit(text);
	if (text.len > 0) {
		lines->nul = lines->nul || bytes_has(text, 0);
		lines->bare_cr = lines->bare_cr || bytes_has(text, '\r');
		scan->last_blank = byte_is_blank(text.data[text.len - 1]);
	}
	if (ended && scan->last_blank)
		lines->blank_end = true;
	if (scan->line_len > lines->longest)
		lines->longest = scan->line_len;
}

/* A piece of a line, its end included where that is in it. */
static void line_take(struct mime_scan *scan, struct bytes piece,
		      enum piece_kind kind)
{
	bool ended = piece.data[piece.len - 1] == '\n';
	bool was_cr = kind == LINE_REST && scan->last_cr;
	bool taken = kind == LINE_START && bytes_starts(piece, "--") &&
		     delimiter_take(scan, piece);
	unsigned end = 0;

	scan->last_cr = was_cr && piece.data[0] != '\n';
	if (!ended && piece.data[piece.len - 1] == '\r')
		end = 1;
	if (ended)
		end = was_cr && piece.len == 1 ? 2 : 1;
	if (ended && piece.len > 1 && piece.data[piece.len - 2] == '\r')
		end = 2;
	if (!taken && scan->in_header && kind == LINE_START && ended &&
	    piece.len == end)
		header_end(scan, scan->offset + piece.len);
	else if (!taken && scan->in_header)
		buf_add(&scan->header, piece);
	else if (!taken && scan->want == MIME_LINES)
		lines_look(scan, bytes_slice(piece, 0, piece.len > end ?
					     piece.len - end : 0), kind,
			   ended);
	scan->offset += piece.len;
	scan->line_end = ended ? end : 0;
	scan->last_cr = !ended && piece.data[piece.len - 1] == '\r';
}

static bool nothing_to_find(const struct mime_scan *scan)
{
	return !scan->in_header && scan->part == scan->root &&
	       scan->root->boundary.len == 0 && scan->want == MIME_PARTS;
}

/* Holds back the start of a line until it is whole, or too long to be a
 * delimiter.  False: it does not fit. */
static bool hold(struct mime_scan *scan, struct bytes piece)
{
	if (scan->in_line || piece.len > HELD_MAX - scan->held_len)
		return false;
	memcpy(scan->held + scan->held_len, piece.data, piece.len);
	scan->held_len += piece.len;
	return true;
}

static void held_take(struct mime_scan *scan)
{
	struct bytes held = { scan->held, scan->held_len };

	scan->held_len = 0;
	if (held.len > 0)
		line_take(scan, held, LINE_START);
}

/* Takes whole lines that tell nothing off the front of *piece. */
static void pass_over(struct mime_scan *scan, struct bytes *piece)
{
	size_t len;

	if (scan->in_header || scan->in_line || scan->held_len > 0)
		return;
	len = scan->want == MIME_LINES ?
	      mime_lines_dull(*piece, &scan->part->lines) :
	      mime_lines_inside(*piece);
	if (len == 0)
		return;
	scan->offset += len;
	scan->line_end = mime_lines_end(bytes_slice(*piece, 0, len));
	*piece = bytes_slice(*piece, len, piece->len);
}

void mime_scan_push(struct mime_scan *scan, struct bytes piece)
{
	struct bytes line;
	enum piece_kind kind;
	bool ended;

	while (piece.len > 0 && scan->failed == 0) {
		if (nothing_to_find(scan)) {
			scan->offset += scan->held_len + piece.len;
			scan->held_len = 0;
			return;
		}
		pass_over(scan, &piece);
		line = bytes_slice(piece, 0, bytes_find(piece, '\n') + 1);
		piece = bytes_slice(piece, line.len, piece.len);
		ended = line.data[line.len - 1] == '\n';
		if (ended && scan->held_len == 0 && !scan->in_line) {
			line_take(scan, line, LINE_START);
		} else if (hold(scan, line)) {
			if (ended)
				held_take(scan);
		} else {
			kind = scan->in_line || scan->held_len > 0 ?
			       LINE_REST : LINE_START;
			held_take(scan);
			line_take(scan, line, kind);
			scan->in_line = !ended;
		}
	}
}

int mime_scan_end(struct mime_scan *scan, struct mime_part **root)
{
	*root = NULL;
	held_take(scan);
	scan->line_end = 0;		/* no delimiter follows */
	if (scan->last_cr && !scan->in_header)
		scan->part->lines.bare_cr = true;
	if (scan->failed == 0)
		close_below(scan, NULL, scan->offset);
	if (scan->failed < 0)
		return scan->failed;
	*root = scan->root;
	return 0;
}
