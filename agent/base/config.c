/* config.c - lines of the configuration file, one after the other */
#include "agent/base/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/base/buf.h"
#include "agent/base/config_keys.h"
#include "agent/base/err.h"
#include "agent/base/value.h"

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

/* "FILE:LINE: <before><what><after>; <remedy>" */
static int say(struct config_reader *reader, const char *before,
	       struct bytes what, const char *after, const char *remedy)
{
	buf_print(reader->why, "%s:%u: %s", reader->path, reader->line,
		  before);
	buf_add(reader->why, bytes_slice(what, 0, 60));
	buf_text(reader->why, after);
	if (remedy != NULL)
		buf_print(reader->why, "; %s", remedy);
	return ERR_CONFIG;
}

static int section_line(struct config_reader *reader, struct bytes line)
{
	if (line.data[line.len - 1] != ']')
		return say(reader, "the section \"", line,
			   "\" has no \"]\" at its end", NULL);
	line = bytes_trim(bytes_slice(line, 1, line.len - 1));
	if (config_section(reader, line) == 0)
		return 0;
	return say(reader, "unknown section [", line, "]",
		   "there are [dns], [incoming], [contacts], [account NAME] "
		   "and [keys]");
}

static int key_line(struct config_reader *reader, struct bytes line)
{
	const char *near;
	struct bytes key, value;
	char remedy[128];

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
		near = config_nearest(reader, key);
		(void)snprintf(remedy, sizeof(remedy), "did you mean \"%s\"?",
			       near == NULL ? "" : near);
		return say(reader, "unknown key \"", key, "\"",
			   near == NULL ? "see mailseal-config(5)" : remedy);
	case CONFIG_TWICE:
		return say(reader, "the key \"", key, "\" stands twice",
			   "separate the members of a list by \";\"");
	case CONFIG_VALUE:
		return say(reader, "\"", value, "\" is no value of this key",
			   reader->expected);
	case CONFIG_MEMORY:
	default:
		buf_print(reader->why, "%s: out of memory", reader->path);
		return ERR_MEMORY;
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
		return ERR_MEMORY;
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
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t len;
	int r = ERR_MEMORY, error;

	*out = NULL;
	if (file == NULL) {
		error = errno;
		buf_print(why, "%s cannot be read: %s", path, strerror(error));
		errno = error;
		return ERR_IO;
	}
	text = malloc(CONFIG_FILE_MAX + 1);
	if (text == NULL)
		goto out;
	len = fread(text, 1, CONFIG_FILE_MAX + 1, file);
	r = ERR_IO;
	if (ferror(file)) {
		buf_print(why, "%s cannot be read: is it a file?", path);
		errno = EIO;
		goto out;
	}
	r = ERR_LIMIT;
	if (len > CONFIG_FILE_MAX)
		buf_print(why, "%s is larger than %d bytes", path,
			  CONFIG_FILE_MAX);
	else
		r = config_parse(text, len, path, home, out, why);
out:
	free(text);
	(void)fclose(file);
	return r;
}
