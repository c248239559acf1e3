/* prepare_header.c - Date, Message-ID, From, and DSN's parameters */
#include "agent/flow/prepare_header.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/value.h"
#include "agent/smtp/base64.h"

#define RANDOM_BYTES	16
#define WORD_BYTES	42	/* of one encoded word: 75 characters */
#define NAME_MAX	400	/* bytes */
#define XTEXT_MAX	100	/* RFC 3461 section 5.4 */

const char *prepare_date(struct arena *arena, int64_t now)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
					    "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t at = (time_t)now;
	struct tm local;
	long offset;

	if (localtime_r(&at, &local) == NULL)
		return NULL;
	offset = local.tm_gmtoff / 60;
	return arena_print(arena, "%s, %d %s %d %02d:%02d:%02d %c%02ld%02ld",
			   days[local.tm_wday], local.tm_mday,
			   months[local.tm_mon], local.tm_year + 1900,
			   local.tm_hour, local.tm_min, local.tm_sec,
			   offset < 0 ? '-' : '+',
			   (offset < 0 ? -offset : offset) / 60,
			   (offset < 0 ? -offset : offset) % 60);
}

const char *prepare_message_id(struct arena *arena, const char *address)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strrchr(address, '@');
	unsigned char random[RANDOM_BYTES];
	char text[2 * RANDOM_BYTES + 1];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return NULL;
	for (i = 0; i < RANDOM_BYTES; i++) {
		text[2 * i] = digits[random[i] >> 4];
		text[2 * i + 1] = digits[random[i] & 15];
	}
	text[2 * RANDOM_BYTES] = 0;
	return arena_print(arena, "<%s@%s>", text,
			   at == NULL || at[1] == 0 ? "localhost" : at + 1);
}

/* RFC 2047 section 5 (3): words of at most 75 characters, cut between
 * characters. */
static void name_encode(struct bytes name, struct buf *to)
{
	const char *blank = "";
	size_t len, step;

	while (name.len > 0) {
		for (len = 0; len < name.len; len += step) {
			step = utf8_step(bytes_slice(name, len, name.len));
			if (step == 0)
				step = 1;
			if (len + step > WORD_BYTES)
				break;
		}
		buf_print(to, "%s=?UTF-8?B?", blank);
		base64_print(to, bytes_slice(name, 0, len));
		buf_text(to, "?=");
		name = bytes_slice(name, len, name.len);
		blank = "\r\n ";
	}
}

static void name_print(const char *name, struct buf *to)
{
	size_t i;

	for (i = 0; name[i] != 0; i++)
		if ((unsigned char)name[i] >= 0x7f || name[i] < ' ')
			break;
	if (name[i] != 0) {
		name_encode(bytes_of(name), to);
		return;
	}
	buf_byte(to, '"');
	for (i = 0; name[i] != 0; i++) {
		if (name[i] == '"' || name[i] == '\\')
			buf_byte(to, '\\');
		buf_byte(to, (unsigned char)name[i]);
	}
	buf_byte(to, '"');
}

const char *prepare_from(struct arena *arena, const char *name,
			 const char *address)
{
	const char *out;
	struct buf text;

	if (name == NULL || name[0] == 0 || strlen(name) > NAME_MAX)
		return address;
	buf_init(&text, 4 * NAME_MAX);
	name_print(name, &text);
	buf_print(&text, " <%s>", address);
	out = text.full ? NULL : arena_text(arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

const char *prepare_notify(struct arena *arena, const char *text)
{
	static const char *const words[] = { "SUCCESS", "FAILURE", "DELAY" };
	struct bytes rest = bytes_of(text), word;
	bool chosen[3] = { false, false, false };
	size_t i;

	if (strcasecmp(text, "never") == 0)
		return "NEVER";
	while (rest.len > 0) {
		(void)bytes_cut(rest, ',', &word, &rest);
		for (i = 0; i < 3; i++)
			if (bytes_is_nocase(bytes_trim(word), words[i]))
				break;
		if (i == 3)
			return NULL;
		chosen[i] = true;
	}
	if (!chosen[0] && !chosen[1] && !chosen[2])
		return NULL;
	return arena_print(arena, "%s%s%s%s%s", chosen[0] ? words[0] : "",
			   chosen[0] && (chosen[1] || chosen[2]) ? "," : "",
			   chosen[1] ? words[1] : "",
			   chosen[1] && chosen[2] ? "," : "",
			   chosen[2] ? words[2] : "");
}

const char *prepare_ret(const char *text)
{
	if (strcasecmp(text, "full") == 0)
		return "FULL";
	return strcasecmp(text, "hdrs") == 0 ? "HDRS" : NULL;
}

const char *prepare_xtext(struct arena *arena, const char *text)
{
	const char *out;
	struct buf to;

	buf_init(&to, XTEXT_MAX);
	for (; *text != 0; text++)
		if (*text > ' ' && *text < 0x7f && *text != '+' &&
		    *text != '=')
			buf_byte(&to, (unsigned char)*text);
		else
			buf_print(&to, "+%02X", (unsigned char)*text);
	out = to.full ? NULL : arena_text(arena, buf_bytes(&to));
	buf_free(&to);
	return out;
}
