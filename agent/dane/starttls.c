/* starttls.c - a short talk, line by line */
#include "agent/dane/starttls.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

#include "agent/base/err.h"
#include "agent/dane/dial.h"

struct talk {
	int fd;
	enum dane_start start;
	const struct dial_patience *patience;
	struct starttls *out;
	unsigned char room[STARTTLS_LINE_MAX];
	size_t have;			/* bytes read and not taken */
};

/* --- what a line says */

static enum starttls_line smtp_read(enum starttls_turn turn,
				    struct bytes line, bool *offered)
{
	static const char *const good[] = { "220", "250", "220" };
	struct bytes text = bytes_slice(line, 4, line.len);

	if (line.len < 3 || !byte_is_digit(line.data[0]) ||
	    !byte_is_digit(line.data[1]) || !byte_is_digit(line.data[2]) ||
	    (line.len > 3 && line.data[3] != ' ' && line.data[3] != '-'))
		return STARTTLS_NONSENSE;
	if (turn == STARTTLS_HELLO &&
	    bytes_is_nocase(bytes_trim(text), "STARTTLS"))
		*offered = true;
	if (line.len > 3 && line.data[3] == '-')
		return STARTTLS_MORE;
	return bytes_starts(line, good[turn]) ? STARTTLS_YES : STARTTLS_NO;
}

static enum starttls_line imap_read(enum starttls_turn turn,
				    struct bytes line)
{
	if (turn == STARTTLS_GREETING) {
		if (bytes_starts_nocase(line, "* OK"))
			return STARTTLS_YES;
		/* PREAUTH: too late for STARTTLS; BYE: not now */
		return bytes_starts_nocase(line, "* PREAUTH") ||
		       bytes_starts_nocase(line, "* BYE") ? STARTTLS_NO :
							    STARTTLS_NONSENSE;
	}
	if (bytes_starts_nocase(line, "a OK"))
		return STARTTLS_YES;
	if (bytes_starts_nocase(line, "a NO") ||
	    bytes_starts_nocase(line, "a BAD"))
		return STARTTLS_NO;
	return bytes_starts(line, "* ") ? STARTTLS_MORE : STARTTLS_NONSENSE;
}

static enum starttls_line pop3_read(struct bytes line)
{
	if (bytes_starts_nocase(line, "+OK"))
		return STARTTLS_YES;
	return bytes_starts_nocase(line, "-ERR") ? STARTTLS_NO :
						   STARTTLS_NONSENSE;
}

enum starttls_line starttls_read(enum dane_start start,
				 enum starttls_turn turn, struct bytes line,
				 bool *offered)
{
	switch (start) {
	case DANE_STARTTLS_SMTP:
		return smtp_read(turn, line, offered);
	case DANE_STARTTLS_IMAP:
		return imap_read(turn, line);
	case DANE_STARTTLS_POP3:
		return pop3_read(line);
	case DANE_TLS:
	default:
		return STARTTLS_NONSENSE;
	}
}

/* --- the talk */

static int end(struct talk *talk, enum decide_wire wire, int error)
{
	talk->out->wire = wire;
	talk->out->error = error;
	return error;
}

static int fill(struct talk *talk)
{
	ssize_t got;
	int r;

	for (;;) {
		got = recv(talk->fd, talk->room + talk->have,
			   sizeof(talk->room) - talk->have, 0);
		if (got > 0) {
			talk->have += (size_t)got;
			return 0;
		}
		if (got == 0)
			return end(talk, DECIDE_CUT, ERR_GONE);
		if (errno != EAGAIN && errno != EINTR)
			return end(talk, DECIDE_CUT, ERR_GONE);
		r = dial_wait(talk->fd, POLLIN, talk->patience);
		if (r < 0)
			return end(talk, DECIDE_CUT, r);
	}
}

/* What people will see of a stranger's line. */
static void remember(struct talk *talk, struct bytes line)
{
	char *to = talk->out->said;
	size_t i;

	line = bytes_slice(line, 0, STARTTLS_SAID_MAX - 1);
	for (i = 0; i < line.len; i++)
		to[i] = line.data[i] < 32 || line.data[i] > 126 ?
			'?' : (char)line.data[i];
	to[line.len] = 0;
}

/* A line into `line`, in talk->room; it stays there until line_drop(). */
static int line_take(struct talk *talk, struct bytes *line, size_t *used)
{
	struct bytes have;
	size_t at;
	int r;

	for (;;) {
		have.data = talk->room;
		have.len = talk->have;
		at = bytes_find(have, '\n');
		if (at < have.len)
			break;
		if (talk->have == sizeof(talk->room))
			return end(talk, DECIDE_CUT, ERR_PROTOCOL);
		r = fill(talk);
		if (r < 0)
			return r;
	}
	*used = at + 1;
	*line = bytes_slice(have, 0, at);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	if (bytes_has(*line, 0))
		return end(talk, DECIDE_CUT, ERR_PROTOCOL);
	return 0;
}

static void line_drop(struct talk *talk, size_t used)
{
	talk->have -= used;
	memmove(talk->room, talk->room + used, talk->have);
}

/* A whole answer, and nothing behind it. 1: yes; 0: no; negative: over. */
static int answer(struct talk *talk, enum starttls_turn turn, bool *offered)
{
	enum starttls_line said = STARTTLS_MORE;
	struct bytes line;
	unsigned lines;
	size_t used;
	int r;

	for (lines = 0; said == STARTTLS_MORE; lines++) {
		if (lines == STARTTLS_LINES_MAX)
			return end(talk, DECIDE_CUT, ERR_PROTOCOL);
		r = line_take(talk, &line, &used);
		if (r < 0)
			return r;
		said = starttls_read(talk->start, turn, line, offered);
		remember(talk, line);
		line_drop(talk, used);
	}
	if (said == STARTTLS_NONSENSE)
		return end(talk, DECIDE_CUT, ERR_PROTOCOL);
	if (talk->have > 0)
		return end(talk, DECIDE_INJECTED, ERR_REFUSED);
	return said == STARTTLS_YES;
}

static int say(struct talk *talk, const char *text)
{
	struct bytes left = bytes_of(text);
	ssize_t sent;
	int r;

	while (left.len > 0) {
		sent = send(talk->fd, left.data, left.len, MSG_NOSIGNAL);
		if (sent > 0) {
			left = bytes_slice(left, (size_t)sent, left.len);
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return end(talk, DECIDE_CUT, ERR_GONE);
		r = dial_wait(talk->fd, POLLOUT, talk->patience);
		if (r < 0)
			return end(talk, DECIDE_CUT, r);
	}
	return 0;
}

/* A "no": for good, or (4yz, RFC 5321 section 4.2.1) for now. */
static int refused(struct talk *talk)
{
	if (talk->start == DANE_STARTTLS_SMTP && talk->out->said[0] == '4')
		return end(talk, DECIDE_CUT, ERR_UNSUPPORTED);
	return end(talk, DECIDE_NO_STARTTLS, ERR_UNSUPPORTED);
}

/* EHLO: what is offered in the clear only tells whether to go on. */
static int hello(struct talk *talk, const char *ehlo)
{
	char line[300];
	bool offered = false;
	int r;

	(void)snprintf(line, sizeof(line), "EHLO %.250s\r\n",
		       ehlo == NULL ? "localhost" : ehlo);
	r = say(talk, line);
	if (r == 0)
		r = answer(talk, STARTTLS_HELLO, &offered);
	if (r == 0)
		return refused(talk);
	return r < 0 || offered ? r : end(talk, DECIDE_NO_STARTTLS,
					  ERR_UNSUPPORTED);
}

/* What came behind the answer, if it did not come with it. */
static void peek(struct talk *talk)
{
	unsigned char byte;

	if (recv(talk->fd, &byte, 1, MSG_PEEK) > 0)
		(void)end(talk, DECIDE_INJECTED, ERR_REFUSED);
}

void starttls(int fd, enum dane_start start, const char *ehlo,
	      const struct dial_patience *patience, struct starttls *out)
{
	static const char *const go[] = {
		"", "STARTTLS\r\n", "a STARTTLS\r\n", "STLS\r\n"
	};
	struct talk talk;
	bool offered = false;
	int r;

	memset(out, 0, sizeof(*out));
	memset(&talk, 0, sizeof(talk));
	talk.fd = fd;
	talk.start = start;
	talk.patience = patience;
	talk.out = out;
	r = answer(&talk, STARTTLS_GREETING, &offered);
	if (r == 0 && strncmp(out->said, "* PREAUTH", 9) == 0)
		r = refused(&talk);	/* too late for TLS */
	else if (r == 0)		/* 421, 554, BYE: not now, not to us */
		r = end(&talk, DECIDE_CUT, ERR_UNSUPPORTED);
	if (r > 0 && start == DANE_STARTTLS_SMTP)
		r = hello(&talk, ehlo);
	if (r > 0)
		r = say(&talk, go[start]) < 0 ? ERR_GONE :
		    answer(&talk, STARTTLS_GO, &offered);
	if (r == 0)
		(void)refused(&talk);
	if (r <= 0)
		return;
	(void)end(&talk, DECIDE_SEEN, 0);
	peek(&talk);
}
