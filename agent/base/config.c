/* config.c - lines of the configuration file, one after the other */
#include "agent/base/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/config_keys.h"
#include "agent/base/err.h"
#include "agent/base/file.h"
#include "agent/base/value.h"

#define SHOWN_MAX 60	/* bytes of what is wrong */

static struct bytes without_comment(struct bytes line)
{
	size_t i;

	/* '#' begins a comment at the start of a line or behind a blank. */
	for (i = 0; i < line.len; i++)
		if (line.data[i] == '#' &&
		    (i == 0 || byte_is_blank(line.data[i - 1])))
			return bytes_slice(line, 0, i);
	return line;
}

/* Up to SHOWN_MAX, no character cut in two. */
static size_t shown_len(struct bytes text)
{
	size_t len = text.len;

	if (len > SHOWN_MAX)
		for (len = SHOWN_MAX; len > 0 &&
		     (text.data[len] & 0xC0) == 0x80; len--)
			;
	return len;
}

/* "FILE:LINE: <before><what><after>; <remedy>" */
static int say(struct config_reader *reader, const char *before,
	       struct bytes what, const char *after, const char *remedy)
{
	buf_print(reader->why, "%s:%u: %s", reader->path, reader->line,
		  before);
	buf_add(reader->why, bytes_slice(what, 0, shown_len(what)));
	buf_text(reader->why, after);
	if (remedy != NULL)
		buf_print(reader->why, "; %s", remedy);
	return ERR_CONFIG;
}

static int no_memory(struct config_reader *reader)
{
	buf_print(reader->why, "%s: out of memory", reader->path);
	return ERR_MEMORY;
}

static int section_line(struct config_reader *reader, struct bytes line)
{
	char remedy[64];

	if (line.data[line.len - 1] != ']')
		return say(reader, "the section \"", line,
			   "\" has no \"]\" at its end", NULL);
	line = bytes_trim(bytes_slice(line, 1, line.len - 1));
	switch (config_section(reader, line)) {
	case CONFIG_FINE:
		return 0;
	case CONFIG_TWICE:
		return say(reader, "the section [", line, "] stands twice",
			   "give each account a name of its own");
	case CONFIG_LIMIT:
		(void)snprintf(remedy, sizeof(remedy), "there may be %d",
			       CONFIG_ACCOUNTS_MAX);
		return say(reader, "too many accounts", bytes_of(""), "",
			   remedy);
	case CONFIG_MEMORY:
		return no_memory(reader);
	case CONFIG_UNKNOWN:
	case CONFIG_VALUE:
	default:
		return say(reader, "unknown section [", line, "]",
			   "there are [dns], [incoming], [contacts], "
			   "[account NAME] and [keys]");
	}
}

static int unknown_key(struct config_reader *reader, struct bytes key)
{
	const struct config_account *account = reader->account;
	const char *near = config_nearest(reader, key);
	const char *elsewhere = config_elsewhere(key);
	char remedy[128], after[128];

	if (elsewhere != NULL)
		(void)snprintf(remedy, sizeof(remedy), "it belongs in [%s]",
			       elsewhere);
	else if (near != NULL)
		(void)snprintf(remedy, sizeof(remedy), "did you mean \"%s\"?",
			       near);
	else
		(void)snprintf(remedy, sizeof(remedy),
			       "see mailseal-config(5)");
	if (account != NULL)
		(void)snprintf(after, sizeof(after), "\" in [account %.60s]",
			       account->name);
	else
		(void)snprintf(after, sizeof(after), "\" in [%s]",
			       reader->section);
	return say(reader, "unknown key \"", key, after, remedy);
}

static int no_value(struct config_reader *reader, struct bytes key,
		    struct bytes value)
{
	char after[96];

	/* It may well be a password. */
	if (bytes_is(key, "password"))
		return say(reader, "this is no value of \"", key, "\"",
			   reader->expected);
	(void)snprintf(after, sizeof(after), "\" is no value of \"%.*s\"",
		       (int)key.len, (const char *)key.data);
	return say(reader, "\"", value, after, reader->expected);
}

static int key_line(struct config_reader *reader, struct bytes line)
{
	struct bytes key, value;

	if (!bytes_cut(line, '=', &key, &value))
		return say(reader, "\"", line, "\" is no \"key = value\" line",
			   NULL);
	key = bytes_trim(key);
	value = bytes_trim(value);
	if (reader->section == NULL)
		return say(reader, "\"", key,
			   "\" stands before the first section",
			   "write [dns] or another section above it");
	switch (config_key(reader, key, value)) {
	case CONFIG_FINE:
		return 0;
	case CONFIG_UNKNOWN:
		return unknown_key(reader, key);
	case CONFIG_TWICE:
		return say(reader, "the key \"", key, "\" stands twice",
			   "separate the members of a list by \";\"");
	case CONFIG_VALUE:
		return no_value(reader, key, value);
	case CONFIG_LIMIT:
	case CONFIG_MEMORY:
	default:
		return no_memory(reader);
	}
}

static int lines_read(struct config_reader *reader, struct bytes text)
{
	struct bytes line;
	int r = 0;

	while (text.len > 0 && r == 0) {
		(void)bytes_cut(text, '\n', &line, &text);
		reader->line++;
		line = bytes_trim(without_comment(line));
		if (line.len == 0)
			continue;
		if (!utf8_is_valid(line))
			r = say(reader, "this line is no UTF-8", bytes_of(""),
				"", NULL);
		else if (line.data[0] == '[')
			r = section_line(reader, line);
		else
			r = key_line(reader, line);
	}
	return r;
}

int config_parse(const char *text, size_t len, const char *path,
		 const char *home, struct config **out, struct buf *why)
{
	struct bytes bytes = { (const unsigned char *)text, len };
	struct config_reader reader;
	int r;

	*out = NULL;
	memset(&reader, 0, sizeof(reader));
	reader.path = path;
	reader.home = home;
	reader.why = why;
	reader.config = config_default();
	if (reader.config == NULL)
		return no_memory(&reader);
	r = lines_read(&reader, bytes);
	if (r < 0)
		config_free(reader.config);
	else
		*out = reader.config;
	return r;
}

int config_read(const char *path, const char *home, struct config **out,
		struct buf *why)
{
	char reason[128];
	struct buf text;
	int r, error;

	*out = NULL;
	buf_init(&text, CONFIG_FILE_MAX);
	r = file_read(path, &text, reason, sizeof(reason));
	error = errno;
	if (r == ERR_LIMIT)
		buf_print(why, "%s is larger than %d bytes", path,
			  CONFIG_FILE_MAX);
	else if (r < 0)
		buf_print(why, "%s cannot be read: %s", path, reason);
	else
		r = config_parse((const char *)text.data, text.len, path, home,
				 out, why);
	buf_free(&text);
	errno = error;
	return r;
}
