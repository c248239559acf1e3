/* mutt_files.c - the files of a Mutt's configuration, command by command */
#include "plugins/cli/mutt_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugins/cli/mutt_path.h"

#define COMMANDS_MAX	20000
#define FILES_MAX	200
#define DEPTH_MAX	10
#define LINE_MAX_BYTES	(256 * 1024)	/* of one logical line */

struct mutt_files {
	struct mutt_command *command;
	char **text;			/* of each command: its words */
	size_t count, room;
	char *path[FILES_MAX];
	size_t paths;
};

/* In the order in which they are tried. */
static const struct place {
	enum mutt_kind kind;
	const char *below;		/* $XDG_CONFIG_HOME or "" for $HOME */
	const char *name;
} places[] = {
	{ MUTT_MUTT, "", ".muttrc" },
	{ MUTT_MUTT, "", ".mutt/muttrc" },
	{ MUTT_MUTT, "config", "mutt/muttrc" },
	{ MUTT_NEOMUTT, "config", "neomutt/neomuttrc" },
	{ MUTT_NEOMUTT, "config", "neomutt/muttrc" },
	{ MUTT_NEOMUTT, "config", "mutt/neomuttrc" },
	{ MUTT_NEOMUTT, "config", "mutt/muttrc" },
	{ MUTT_NEOMUTT, "", ".neomutt/neomuttrc" },
	{ MUTT_NEOMUTT, "", ".neomutt/muttrc" },
	{ MUTT_NEOMUTT, "", ".mutt/neomuttrc" },
	{ MUTT_NEOMUTT, "", ".mutt/muttrc" },
	{ MUTT_NEOMUTT, "", ".neomuttrc" },
	{ MUTT_NEOMUTT, "", ".muttrc" },
};

bool mutt_files_find(enum mutt_kind kind, char *path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	size_t i;

	if (home == NULL)
		home = "";
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (places[i].kind != kind)
			continue;
		if (places[i].below[0] != 0 && config != NULL &&
		    config[0] != 0)
			(void)snprintf(path, size, "%s/%s", config,
				       places[i].name);
		else
			(void)snprintf(path, size, "%s/%s%s", home,
				       places[i].below[0] != 0 ? ".config/" :
				       "", places[i].name);
		if (access(path, F_OK) == 0)
			return true;
	}
	(void)snprintf(path, size, "%s/%s", home, kind == MUTT_NEOMUTT ?
		       ".neomuttrc" : ".muttrc");
	return false;
}

/* One word of `*at` to `*to`, as Mutt takes it: quotes and backslashes go,
 * what stands in backquotes stays as it is. */
static void word_take(const char **at, char **to)
{
	const char *from = *at;
	char quote = 0;

	for (; *from != 0; from++) {
		if (quote == 0 && strchr(" \t;#", *from) != NULL)
			break;
		if (quote == 0 && (*from == '"' || *from == '\'' ||
				   *from == '`')) {
			quote = *from;
			if (quote != '`')
				continue;
		} else if (quote != 0 && *from == quote) {
			quote = 0;
			if (*from != '`')
				continue;
		} else if (*from == '\\' && quote != '\'' && from[1] != 0) {
			from++;
		}
		*(*to)++ = *from;
	}
	*(*to)++ = 0;
	*at = from;
}

/* Room for one more command, with its text; NULL: no more. */
static struct mutt_command *command_new(struct mutt_files *files, size_t len)
{
	struct mutt_command *more;
	size_t room;
	char **text;

	if (files->count == COMMANDS_MAX)
		return NULL;
	if (files->count == files->room) {
		room = files->room * 2 + 64;
		more = realloc(files->command, room * sizeof(*more));
		if (more == NULL)
			return NULL;
		files->command = more;
		text = realloc(files->text, room * sizeof(*text));
		if (text == NULL)
			return NULL;
		files->text = text;
		files->room = room;
	}
	files->text[files->count] = malloc(len);
	if (files->text[files->count] == NULL)
		return NULL;
	return &files->command[files->count++];
}

/* The words up to a `;`; false: none, or no memory. */
static bool command_take(struct mutt_files *files, const char **at,
			 const struct mutt_command *where)
{
	struct mutt_command *command;
	char *to;
	unsigned left = MUTT_WORDS_MAX;

	*at += strspn(*at, " \t;");
	if (**at == 0 || **at == '#')
		return false;
	command = command_new(files, strlen(*at) + MUTT_WORDS_MAX + 1);
	if (command == NULL)
		return false;
	*command = *where;
	to = files->text[files->count - 1];
	while (**at != 0 && **at != ';' && **at != '#') {
		if (left > 0) {
			command->word[command->count++] = to;
			word_take(at, &to);
			left--;
		} else {
			(*at)++;
		}
		*at += strspn(*at, " \t");
	}
	return true;
}

static void file_read(struct mutt_files *files, const char *path,
		      unsigned depth);

static void line_read(struct mutt_files *files, const char *text,
		      const struct mutt_command *where)
{
	const struct mutt_command *command;
	size_t first = files->count, taken = 0;
	char path[MUTT_PATH_ROOM];
	const char *at = text;

	while (command_take(files, &at, where)) {
		taken++;
		command = &files->command[files->count - 1];
		if (command->count < 2 || where->depth == DEPTH_MAX ||
		    strcmp(command->word[0], "source") != 0)
			continue;
		if (mutt_path_expand(command->word[1], where->file, path))
			file_read(files, path, where->depth + 1);
	}
	if (taken == 1 && *at == 0)
		files->command[first].alone = 1;
}

/* Joins lines that end with a backslash. */
static void lines_read(struct mutt_files *files, FILE *file,
		       struct mutt_command *where)
{
	char *line = NULL, *whole = NULL, *more;
	size_t room = 0, len = 0;
	ssize_t got;
	bool goes_on;

	where->line = 1;
	while ((got = getline(&line, &room, file)) >= 0) {
		while (got > 0 && strchr("\r\n", line[got - 1]) != NULL)
			got--;
		goes_on = got > 0 && line[got - 1] == '\\';
		got -= goes_on ? 1 : 0;
		if (len + (size_t)got >= LINE_MAX_BYTES ||
		    memchr(line, 0, (size_t)got) != NULL)
			break;
		more = realloc(whole, len + (size_t)got + 1);
		if (more == NULL)
			break;
		whole = more;
		memcpy(whole + len, line, (size_t)got);
		len += (size_t)got;
		whole[len] = 0;
		where->lines++;
		if (goes_on)
			continue;
		line_read(files, whole, where);
		where->line += where->lines;
		where->lines = 0;
		len = 0;
	}
	free(line);
	free(whole);
}

static void file_read(struct mutt_files *files, const char *path,
		      unsigned depth)
{
	struct mutt_command where = { 0 };
	FILE *file;

	if (files->paths == FILES_MAX)
		return;
	where.file = files->path[files->paths] = strdup(path);
	where.depth = depth;
	if (where.file == NULL)
		return;
	files->paths++;
	file = mutt_path_open(path);
	if (file == NULL)
		return;
	lines_read(files, file, &where);
	(void)fclose(file);
}

struct mutt_files *mutt_files_read(const char *path)
{
	struct mutt_files *files = calloc(1, sizeof(*files));

	if (files != NULL)
		file_read(files, path, 0);
	return files;
}

void mutt_files_free(struct mutt_files *files)
{
	size_t i;

	if (files == NULL)
		return;
	for (i = 0; i < files->count; i++)
		free(files->text[i]);
	for (i = 0; i < files->paths; i++)
		free(files->path[i]);
	free(files->command);
	free(files->text);
	free(files);
}

size_t mutt_files_count(const struct mutt_files *files)
{
	return files->count;
}

const struct mutt_command *mutt_files_command(const struct mutt_files *files,
					      size_t nth)
{
	return &files->command[nth];
}
