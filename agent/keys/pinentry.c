/* pinentry.c - the dialogue, a line at a time */
#include "agent/keys/pinentry_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/crypto.h>

#define TRIES_MAX	3	/* for a new passphrase typed twice */

/* Codes of libgpg-error, in the low 16 bits of an ERR line's number. */
#define CODE_MASK		0xffff
#define CODE_TIMEOUT		62
#define CODE_CANCELLED		99
#define CODE_NOT_CONFIRMED	114
#define CODE_FULLY_CANCELLED	198

struct pinentry *pinentry_start(int fd, const struct pinentry_question *what,
				int64_t now)
{
	struct pinentry *pinentry = OPENSSL_zalloc(sizeof(*pinentry));

	if (pinentry == NULL) {
		(void)close(fd);
		return NULL;
	}
	pinentry->fd = fd;
	pinentry->kind = what->kind;
	pinentry->deadline = now + PINENTRY_WAIT_MS;
	pinentry_text(pinentry->title, sizeof(pinentry->title), what->title);
	pinentry_text(pinentry->description, sizeof(pinentry->description),
		      what->description);
	pinentry_text(pinentry->prompt, sizeof(pinentry->prompt), what->prompt);
	pinentry_text(pinentry->tty, sizeof(pinentry->tty), what->tty);
	pinentry_text(pinentry->term, sizeof(pinentry->term), what->term);
	pinentry_text(pinentry->display, sizeof(pinentry->display),
		      what->display);
	pinentry->line = OPENSSL_secure_malloc(LINE_MAX_LEN + 2);
	pinentry->secret = OPENSSL_secure_malloc(PINENTRY_SECRET_MAX);
	pinentry->first = OPENSSL_secure_malloc(PINENTRY_SECRET_MAX);
	if (pinentry->line != NULL && pinentry->secret != NULL &&
	    pinentry->first != NULL)
		return pinentry;
	pinentry_free(pinentry);
	return NULL;
}

void pinentry_free(struct pinentry *pinentry)
{
	if (pinentry == NULL)
		return;
	(void)close(pinentry->fd);
	OPENSSL_secure_clear_free(pinentry->line, LINE_MAX_LEN + 2);
	OPENSSL_secure_clear_free(pinentry->secret, PINENTRY_SECRET_MAX);
	OPENSSL_secure_clear_free(pinentry->first, PINENTRY_SECRET_MAX);
	OPENSSL_clear_free(pinentry, sizeof(*pinentry));
}

int pinentry_fd(const struct pinentry *pinentry)
{
	return pinentry->fd;
}

short pinentry_events(const struct pinentry *pinentry)
{
	if (pinentry->out_sent < pinentry->out_len)
		return POLLIN | POLLOUT;
	return POLLIN;
}

int64_t pinentry_deadline(const struct pinentry *pinentry)
{
	return pinentry->deadline;
}

void pinentry_wait(struct pinentry *pinentry, int64_t now)
{
	pinentry->deadline = now + PINENTRY_WAIT_MS;
}

struct bytes pinentry_secret(const struct pinentry *pinentry)
{
	struct bytes secret = { pinentry->secret, pinentry->secret_len };

	return secret;
}

const char *pinentry_complaint(const struct pinentry *pinentry)
{
	return pinentry->complaint;
}

void pinentry_again(struct pinentry *pinentry, const char *error, int64_t now)
{
	pinentry_text(pinentry->error, sizeof(pinentry->error), error);
	pinentry->outcome = PINENTRY_ASKING;
	pinentry->asking_again = false;
	pinentry->deadline = now + PINENTRY_WAIT_MS;
	OPENSSL_cleanse(pinentry->secret, PINENTRY_SECRET_MAX);
	OPENSSL_cleanse(pinentry->first, PINENTRY_SECRET_MAX);
	pinentry_step(pinentry, STEP_DESCRIPTION);
}

static int hex_value(unsigned char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A D line: percent-escaped bytes of the secret. */
static void data_take(struct pinentry *pinentry, struct bytes data)
{
	unsigned char byte;
	int high, low;
	size_t i;

	for (i = 0; i < data.len; i++) {
		byte = data.data[i];
		if (byte == '%' && data.len - i > 2) {
			high = hex_value(data.data[i + 1]);
			low = hex_value(data.data[i + 2]);
			if (high >= 0 && low >= 0) {
				byte = (unsigned char)(high << 4 | low);
				i += 2;
			}
		}
		if (pinentry->secret_len == PINENTRY_SECRET_MAX) {
			pinentry->outcome = PINENTRY_BROKEN;
			pinentry_text(pinentry->complaint,
				      sizeof(pinentry->complaint),
				      "the passphrase has over 1024 bytes");
			return;
		}
		pinentry->secret[pinentry->secret_len++] = byte;
	}
}

static void refuse_new(struct pinentry *pinentry, const char *why, int64_t now)
{
	if (++pinentry->tries >= TRIES_MAX)
		pinentry->outcome = PINENTRY_CANCELLED;
	else
		pinentry_again(pinentry, why, now);
}

/* A new passphrase is typed twice; where the program does not see to that, we
 * ask twice. */
static void new_take(struct pinentry *pinentry, int64_t now)
{
	if (pinentry->secret_len == 0 && !pinentry->asking_again) {
		refuse_new(pinentry, "An empty passphrase protects nothing.",
			   now);
	} else if (pinentry->repeated) {
		pinentry->outcome = PINENTRY_ANSWERED;
	} else if (!pinentry->asking_again) {
		memcpy(pinentry->first, pinentry->secret,
		       pinentry->secret_len);
		pinentry->first_len = pinentry->secret_len;
		pinentry->asking_again = true;
		pinentry_step(pinentry, STEP_PROMPT);
	} else if (pinentry->first_len == pinentry->secret_len &&
		   CRYPTO_memcmp(pinentry->first, pinentry->secret,
				 pinentry->secret_len) == 0) {
		pinentry->outcome = PINENTRY_ANSWERED;
	} else {
		refuse_new(pinentry, "The two passphrases differ.", now);
	}
}

static void ok_take(struct pinentry *pinentry, int64_t now)
{
	if (pinentry->step != STEP_ASK)
		pinentry_step(pinentry, pinentry->step + 1);
	else if (pinentry->kind == PINENTRY_NEW)
		new_take(pinentry, now);
	else
		pinentry->outcome = PINENTRY_ANSWERED;
}

static void error_take(struct pinentry *pinentry, struct bytes rest)
{
	struct bytes number, words;
	char text[TEXT_MAX];
	long long code;

	if (pinentry->step != STEP_ASK && pinentry->step != STEP_GREETING) {
		pinentry_step(pinentry, pinentry->step + 1);
		return;			/* it lives without that option */
	}
	(void)bytes_cut(rest, ' ', &number, &words);
	code = bytes_number(number) & CODE_MASK;
	if (code == CODE_CANCELLED || code == CODE_FULLY_CANCELLED ||
	    code == CODE_NOT_CONFIRMED) {
		pinentry->outcome = PINENTRY_CANCELLED;
	} else if (code == CODE_TIMEOUT) {
		pinentry->outcome = PINENTRY_TIMED_OUT;
	} else {
		pinentry->outcome = PINENTRY_BROKEN;
		(void)snprintf(text, sizeof(text), "%.*s",
			       words.len > 200 ? 200 : (int)words.len,
			       words.data == NULL ? "" :
			       (const char *)words.data);
		pinentry_text(pinentry->complaint, sizeof(pinentry->complaint),
			  text);
	}
}

static void line_take(struct pinentry *pinentry, struct bytes line,
		      int64_t now)
{
	struct bytes word, rest;

	(void)bytes_cut(line, ' ', &word, &rest);
	if (bytes_is(word, "OK"))
		ok_take(pinentry, now);
	else if (bytes_is(word, "ERR"))
		error_take(pinentry, rest);
	else if (bytes_is(word, "D") && pinentry->step == STEP_ASK)
		data_take(pinentry, rest);
	else if (bytes_is(word, "S") && bytes_is(rest, "PIN_REPEATED"))
		pinentry->repeated = true;
	else if (bytes_is(word, "INQUIRE"))
		pinentry_say(pinentry, "CAN", "");
	/* Comments and other status lines say nothing to us. */
}

/* Takes every whole line that is there. */
static void lines_take(struct pinentry *pinentry, int64_t now)
{
	unsigned char *end;
	size_t len;

	while (pinentry->outcome == PINENTRY_ASKING) {
		end = memchr(pinentry->line, '\n', pinentry->line_len);
		if (end == NULL)
			break;
		len = (size_t)(end - pinentry->line);
		line_take(pinentry, (struct bytes){ pinentry->line, len }, now);
		pinentry->line_len -= len + 1;
		memmove(pinentry->line, end + 1, pinentry->line_len);
	}
	if (pinentry->outcome == PINENTRY_ASKING &&
	    pinentry->line_len > LINE_MAX_LEN)
		pinentry->outcome = PINENTRY_BROKEN;
}

/* False: nothing there now. */
static bool receive(struct pinentry *pinentry, int64_t now)
{
	struct iovec part;
	struct msghdr message;
	ssize_t got;

	memset(&message, 0, sizeof(message));
	part.iov_base = pinentry->line + pinentry->line_len;
	part.iov_len = LINE_MAX_LEN + 2 - pinentry->line_len;
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	got = recvmsg(pinentry->fd, &message, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (got <= 0) {
		pinentry->outcome = PINENTRY_BROKEN;
		return false;
	}
	pinentry->line_len += (size_t)got;
	lines_take(pinentry, now);
	OPENSSL_cleanse(pinentry->line + pinentry->line_len,
			LINE_MAX_LEN + 2 - pinentry->line_len);
	return true;
}

static void send_rest(struct pinentry *pinentry)
{
	struct iovec part;
	struct msghdr message;
	ssize_t sent;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	while (pinentry->out_sent < pinentry->out_len) {
		part.iov_base = pinentry->out + pinentry->out_sent;
		part.iov_len = pinentry->out_len - pinentry->out_sent;
		sent = sendmsg(pinentry->fd, &message,
			       MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0) {
			if (errno != EAGAIN)
				pinentry->outcome = PINENTRY_BROKEN;
			return;
		}
		pinentry->out_sent += (size_t)sent;
	}
}

enum pinentry_outcome pinentry_work(struct pinentry *pinentry, int64_t now)
{
	do
		send_rest(pinentry);
	while (pinentry->outcome == PINENTRY_ASKING &&
	       receive(pinentry, now));
	if (pinentry->outcome == PINENTRY_ASKING)
		send_rest(pinentry);
	if (pinentry->outcome == PINENTRY_ASKING && now >= pinentry->deadline)
		pinentry->outcome = PINENTRY_TIMED_OUT;
	return pinentry->outcome;
}
