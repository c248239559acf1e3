/* mutt_doctor_place.c - where things stand in Mutt's files, and what must not
 * stand there */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "plugins/cli/mutt_doctor.h"

/* Fields that the display filter compares with the judgement. */
static const char *const fields[] = { "From", "Date", "Subject",
				      "Message-ID" };
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* What mailseal sets, and a hook must not. */
static const char *const kept[] = { "display_filter", "index_format",
				    "pager_format", "allow_ansi",
				    "spam_separator" };
#define KEPT (sizeof(kept) / sizeof(kept[0]))

/* Whether a source line further down mends it. */
static bool doctor_sets(const char *name)
{
	size_t i;

	for (i = 0; i < KEPT; i++)
		if (strcmp(kept[i], name) == 0)
			return true;
	return strcmp(name, "crypt_use_gpgme") == 0;
}

static const char *tail_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool doctor_is_ours(const struct doctor *doctor, const char *path)
{
	const char *tail = tail_of(path);
	size_t len = (size_t)(tail - path);
	size_t size = strlen(doctor->folder);

	if (strcmp(tail, "mutt.rc") != 0 && strcmp(tail, "neomutt.rc") != 0 &&
	    strcmp(tail, "common.rc") != 0 && strcmp(tail, "crypto.rc") != 0)
		return false;
	return (len >= 15 && strncmp(tail - 15, "/mailseal/mutt/", 15) == 0) ||
	       (len == size + 1 && strncmp(path, doctor->folder, size) == 0);
}

void doctor_source_find(struct doctor *doctor)
{
	const struct mutt_command *command;
	char path[MUTT_PATH_ROOM];
	size_t i;

	doctor->source_at = DOCTOR_NOWHERE;
	for (i = 0; i < mutt_files_count(doctor->files); i++) {
		command = mutt_files_command(doctor->files, i);
		if (command->count >= 2 &&
		    strcmp(command->word[0], "source") == 0 &&
		    !doctor_is_ours(doctor, command->file) &&
		    mutt_path_expand(command->word[1], command->file, path) &&
		    doctor_is_ours(doctor, path))
			doctor->source_at = i;
	}
}

/* A word of a set command: name, noname, invname, &name, name=value. */
static bool word_is(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, "no", 2) == 0 || *word == '&')
		word += *word == '&' ? 1 : 2;
	else if (strncmp(word, "inv", 3) == 0)
		word += 3;
	return strncmp(word, name, len) == 0 &&
	       (word[len] == 0 || word[len] == '=' || word[len] == '+' ||
		word[len] == '-');
}

static bool sets(const struct mutt_command *command, const char *name)
{
	static const char *const verbs[] = { "set", "unset", "toggle",
					     "reset" };
	size_t i;
	unsigned n;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(command->word[0], verbs[i]) == 0)
			break;
	for (n = 1; i < sizeof(verbs) / sizeof(verbs[0]) && n < command->count;
	     n++)
		if (word_is(command->word[n], name))
			return true;
	return false;
}

static const char *place_print(const struct mutt_command *command,
			       char room[DOCTOR_PLACE_ROOM])
{
	char path[MUTT_PATH_ROOM];

	(void)snprintf(room, DOCTOR_PLACE_ROOM, " (line %u of %s)",
		       command->line, mutt_path_short(command->file, path));
	return room;
}

const char *doctor_place(struct doctor *doctor, const char *name,
			 char room[DOCTOR_PLACE_ROOM])
{
	const struct mutt_command *command, *found = NULL;
	size_t i;

	for (i = 0; i < mutt_files_count(doctor->files); i++) {
		command = mutt_files_command(doctor->files, i);
		if (doctor_is_ours(doctor, command->file) ||
		    !sets(command, name))
			continue;
		found = command;
		if (doctor->source_at < i && doctor_sets(name))
			doctor->misplaced = true;
	}
	return found == NULL ? "" : place_print(found, room);
}

static bool ends_with(const char *word, const char *tail)
{
	size_t len = strlen(word), size = strlen(tail);

	return len >= size && strcmp(word + len - size, tail) == 0;
}

/* folder-hook . 'set index_format=...': whatever comes, it is set again. */
static void look_hook(struct doctor *doctor,
		      const struct mutt_command *command)
{
	char room[DOCTOR_PLACE_ROOM];
	const char *at;
	unsigned n;
	size_t i;

	if (!ends_with(command->word[0], "-hook") ||
	    strcmp(command->word[0], "index-format-hook") == 0)
		return;
	for (i = 0; i < KEPT; i++) {
		for (n = 2; n < command->count; n++) {
			at = strstr(command->word[n], kept[i]);
			if (at != NULL && strstr(at, "mailseal") == NULL)
				break;
		}
		if (n < command->count)
			doctor_wrong(doctor, "a %s sets %s%s, which undoes "
				     "what mailseal set; take that out.",
				     command->word[0], kept[i],
				     place_print(command, room));
	}
}

/* What takes back what common.rc did, when it comes later. */
static const struct taken_back {
	const char *command, *word, *why;
} taken_back[] = {
	{ "unhook", "*", "takes away the hooks that ask for verdicts" },
	{ "unhook", "folder-hook", "takes away the hook that asks for "
	  "verdicts" },
	{ "unhook", "message-hook", "takes away the hook that tells the "
	  "verdict of the delivery" },
	{ "nospam", "*", "takes away how the delivery filter's field is "
	  "found" },
	{ "uncolor", "header", "takes away the colours of verdicts" },
	{ "uncolor", "index", "takes away the colours of warnings" },
};

static void look_taken(struct doctor *doctor,
		       const struct mutt_command *command)
{
	char room[DOCTOR_PLACE_ROOM];
	size_t i;

	if (command->count < 2)
		return;
	for (i = 0; i < sizeof(taken_back) / sizeof(taken_back[0]); i++) {
		if (strcmp(command->word[0], taken_back[i].command) != 0 ||
		    strcmp(command->word[1], taken_back[i].word) != 0)
			continue;
		if (strcmp(command->word[0], "uncolor") == 0 &&
		    (command->count < 3 || strcmp(command->word[2], "*") != 0))
			continue;
		doctor_wrong(doctor, "%s %s behind the source line%s %s; put "
			     "it in front.", command->word[0],
			     command->word[1], place_print(command, room),
			     taken_back[i].why);
		doctor->misplaced = true;
	}
}

/* Follows Mutt's own lists: from common.rc on each field is shown until an
 * ignore of its name or of "*" comes. */
static void look_ignored(const struct mutt_command *command,
			 const struct mutt_command *hidden[FIELDS])
{
	bool hides = strcmp(command->word[0], "ignore") == 0;
	const char *word;
	unsigned n;
	size_t i, len;

	if (!hides && strcmp(command->word[0], "unignore") != 0)
		return;
	for (n = 1; n < command->count; n++) {
		word = command->word[n];
		len = strcspn(word, ":");
		for (i = 0; i < FIELDS; i++) {
			if (strcmp(word, "*") == 0 ||
			    (len <= strlen(fields[i]) &&
			     strncasecmp(word, fields[i], len) == 0 &&
			     (!hides || len == strlen(fields[i]))))
				hidden[i] = hides ? command : NULL;
		}
	}
}

static void complain_of_hidden(struct doctor *doctor,
			       const struct mutt_command *hidden[FIELDS])
{
	const struct mutt_command *last = NULL;
	char room[DOCTOR_PLACE_ROOM], names[128] = "";
	size_t i, len = 0;

	for (i = 0; i < FIELDS; i++) {
		if (hidden[i] == NULL)
			continue;
		last = hidden[i];
		len += (size_t)snprintf(names + len, sizeof(names) - len,
					"%s%s", len == 0 ? "" : ", ",
					fields[i]);
	}
	if (last == NULL)
		return;
	doctor_wrong(doctor, "ignore behind the source line hides %s%s, so "
		     "the pager cannot find the verdict of a message; put the "
		     "source line at the end.", names,
		     place_print(last, room));
	doctor->misplaced = true;
}

/* The wrong one of the two files. */
static void look_which(struct doctor *doctor,
		       const struct mutt_command *command)
{
	const char *tail = tail_of(command->word[1]);
	char room[DOCTOR_PLACE_ROOM];

	if (strcmp(tail, "neomutt.rc") == 0 &&
	    mutt_settings_kind(doctor->settings) == MUTT_MUTT)
		doctor_wrong(doctor, "neomutt.rc is sourced%s, and this is "
			     "Mutt; source %s.", place_print(command, room),
			     doctor->source);
	else if (strcmp(tail, "common.rc") == 0)
		doctor_wrong(doctor, "common.rc is sourced%s, and it is only "
			     "a part; source %s.", place_print(command, room),
			     doctor->source);
	else
		return;
	doctor->misplaced = true;
}

void doctor_look_place(struct doctor *doctor)
{
	const struct mutt_command *hidden[FIELDS] = { NULL };
	const struct mutt_command *command;
	char room[DOCTOR_PLACE_ROOM], path[MUTT_PATH_ROOM];
	size_t i;

	if (!mutt_settings_sourced(doctor->settings)) {
		if (doctor->source_at == DOCTOR_NOWHERE)
			doctor_wrong(doctor, "no line sources mailseal, so "
				     "there are no verdicts and every name is "
				     "shown; put \"source %s\" at the end of "
				     "%s.", doctor->source,
				     mutt_path_short(doctor->rc, path));
		else
			doctor_wrong(doctor, "the source line%s does not "
				     "work, so there are no verdicts and every "
				     "name is shown; put \"source %s\" in its "
				     "place.",
				     place_print(mutt_files_command(
						doctor->files,
						doctor->source_at), room),
				     doctor->source);
		doctor->misplaced = true;
		return;
	}
	if (doctor->source_at != DOCTOR_NOWHERE)
		look_which(doctor, mutt_files_command(doctor->files,
						doctor->source_at));
	for (i = 0; i < mutt_files_count(doctor->files); i++) {
		command = mutt_files_command(doctor->files, i);
		if (doctor_is_ours(doctor, command->file))
			continue;
		look_hook(doctor, command);
		if (doctor->source_at == DOCTOR_NOWHERE ||
		    i < doctor->source_at)
			continue;
		look_taken(doctor, command);
		look_ignored(command, hidden);
	}
	complain_of_hidden(doctor, hidden);
}
