/* mutt_settings.c - what a Mutt or NeoMutt has set, as it says itself */
#include "plugins/cli/mutt_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/cli/run.h"

#define RUN_MS		15000	/* a configuration may start slow things */
#define SETTINGS_MAX	2048
#define VERSION_ROOM	32

/* A variable of ours has no line in the list; one that has, and that nobody
 * looks at here, gets its value. */
#define PROBE		"indent_string"
#define PROBE_OURS	"$my_mailseal_pager_left"
#define PROBE_PATH	"message_format"	/* the same */
#define PROBE_COMMAND	"set " PROBE "=\"" PROBE_OURS "\" " PROBE_PATH \
			"=\"`echo $PATH`\""

struct setting {
	char *name, *value;
};

struct mutt_settings {
	struct run_output output;
	struct setting list[SETTINGS_MAX];
	size_t count;
	enum mutt_kind kind;
	char version[VERSION_ROOM];
};

/* In place: the text in quotes without them and their escapes. */
static char *unquote(char *value)
{
	char *from = value, *to = value;

	if (*from != '"')
		return value;
	for (from++; *from != 0 && *from != '"'; from++) {
		if (*from == '\\' && from[1] != 0) {
			from++;
			*to++ = *from == 'n' ? '\n' : *from == 't' ? '\t' :
				*from == 'r' ? '\r' : *from;
		} else {
			*to++ = *from;
		}
	}
	*to = 0;
	return value;
}

/* `name="text"`, `name=3`, `name is set`, `set name = "text"` */
static void line_take(struct mutt_settings *settings, char *line)
{
	static char yes[] = "yes", no[] = "no";
	struct setting *setting = &settings->list[settings->count];
	char *end;

	if (settings->count == SETTINGS_MAX)
		return;
	if (strncmp(line, "set ", 4) == 0)
		line += 4;
	end = line + strcspn(line, " =");
	if (end == line || *end == 0)
		return;
	setting->name = line;
	if (strcmp(end, " is set") == 0) {
		setting->value = yes;
	} else if (strcmp(end, " is unset") == 0) {
		setting->value = no;
	} else {
		line = end + strspn(end, " ");
		if (*line != '=')
			return;
		setting->value = unquote(line + 1 + strspn(line + 1, " "));
	}
	*end = 0;
	settings->count++;
}

static void output_take(struct mutt_settings *settings)
{
	char *rest = settings->output.out, *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		line_take(settings, line);
}

static void version_take(struct mutt_settings *settings, const char *text)
{
	size_t len;

	settings->kind = strncmp(text, "NeoMutt ", 8) == 0 ? MUTT_NEOMUTT :
			 MUTT_MUTT;
	text += strcspn(text, " \n");
	text += strspn(text, " ");
	len = strspn(text, "0123456789.");
	(void)snprintf(settings->version, VERSION_ROOM, "%.*s",
		       len < VERSION_ROOM ? (int)len : 0, text);
}

static bool explain(enum run_result result, const char *program, char *why,
		    size_t size)
{
	switch (result) {
	case RUN_DONE:
		return true;
	case RUN_MISSING:
		(void)snprintf(why, size, "there is no %s in $PATH; install "
			       "it, or name it with --program", program);
		break;
	case RUN_LATE:
		(void)snprintf(why, size, "%s did not end its start within "
			       "%d s; something in its configuration hangs",
			       program, RUN_MS / 1000);
		break;
	case RUN_FAILED:
	default:
		(void)snprintf(why, size, "%s could not be started",
			       program);
	}
	return false;
}

static bool version_read(struct mutt_settings *settings, const char *program,
			 bool *missing, char *why, size_t size)
{
	const char *argv[] = { program, "-v", NULL };
	enum run_result result;
	struct run_output output;

	result = run_program(argv, RUN_MS, &output);
	*missing = result == RUN_MISSING;
	if (result == RUN_DONE)
		version_take(settings, output.out);
	run_output_free(&output);
	return explain(result, program, why, size);
}

static bool values_read(struct mutt_settings *settings, const char *program,
			const char *rc, char *why, size_t size)
{
	const char *argv[12];
	int count = 0;

	argv[count++] = program;
	if (rc != NULL) {
		argv[count++] = "-F";
		argv[count++] = rc;
	}
	argv[count++] = "-e";
	argv[count++] = PROBE_COMMAND;
	argv[count++] = "-D";
	if (settings->kind == MUTT_NEOMUTT)
		argv[count++] = "-S";	/* without its passwords */
	argv[count] = NULL;
	if (!explain(run_program(argv, RUN_MS, &settings->output), program,
		     why, size))
		return false;
	output_take(settings);
	if (mutt_settings_value(settings, "sendmail") != NULL)
		return true;
	(void)snprintf(why, size, "%s does not print its settings (%s -D)",
		       program, program);
	return false;
}

struct mutt_settings *mutt_settings_read(const char *program, const char *rc,
					 bool *missing, char *why,
					 size_t why_size)
{
	struct mutt_settings *settings = calloc(1, sizeof(*settings));

	*missing = false;
	if (settings == NULL) {
		(void)snprintf(why, why_size, "out of memory");
		return NULL;
	}
	if (version_read(settings, program, missing, why, why_size) &&
	    values_read(settings, program, rc, why, why_size))
		return settings;
	mutt_settings_free(settings);
	return NULL;
}

void mutt_settings_free(struct mutt_settings *settings)
{
	if (settings == NULL)
		return;
	if (settings->output.out != NULL)
		explicit_bzero(settings->output.out,
			       strlen(settings->output.out));
	run_output_free(&settings->output);
	free(settings);
}

enum mutt_kind mutt_settings_kind(const struct mutt_settings *settings)
{
	return settings->kind;
}

const char *mutt_settings_version(const struct mutt_settings *settings)
{
	return settings->version;
}

long mutt_settings_number(const struct mutt_settings *settings)
{
	char *end;
	long major = strtol(settings->version, &end, 10), minor = 0;

	if (settings->kind == MUTT_NEOMUTT || major > 1000)
		return major;
	if (*end == '.')
		minor = strtol(end + 1, NULL, 10);
	return major * 100 + (minor > 99 ? 99 : minor);
}

const char *mutt_settings_value(const struct mutt_settings *settings,
				const char *name)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (strcmp(settings->list[i].name, name) == 0)
			return settings->list[i].value;
	return NULL;
}

bool mutt_settings_sourced(const struct mutt_settings *settings)
{
	const char *value = mutt_settings_value(settings, PROBE);

	/* What nobody set is nothing in Mutt, itself in NeoMutt. */
	return value != NULL && value[0] != 0 &&
	       strcmp(value, PROBE_OURS) != 0;
}

const char *mutt_settings_path(const struct mutt_settings *settings)
{
	const char *path = mutt_settings_value(settings, PROBE_PATH);

	return path == NULL || path[0] == 0 ? getenv("PATH") : path;
}

const char *mutt_settings_complaint(const struct mutt_settings *settings)
{
	char *text = settings->output.err;

	text[strcspn(text, "\n")] = 0;
	return text[0] == 0 ? NULL : text;
}
