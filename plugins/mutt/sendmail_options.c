/* sendmail_options.c - reading sendmail's options */
#include "plugins/mutt/sendmail_options.h"

#include <string.h>

/* Options with a value that mean nothing here. */
#define WITH_VALUE	"ABCDGhLMoOpXd"
/* Options without one likewise. */
#define WITHOUT_VALUE	"iGUmnsEJ"

struct reading {
	int argc;
	char **argv;
	int at;
	struct sendmail_options *out;
	const char *why;
};

/* The value behind the option's letter, or the next word; NULL: none. */
static const char *value_of(struct reading *reading, const char *word)
{
	if (word[2] != 0)
		return word + 2;
	if (reading->at + 1 >= reading->argc)
		return NULL;
	return reading->argv[++reading->at];
}

static bool value_take(struct reading *reading, const char *word,
		       const char **to)
{
	const char *value = value_of(reading, word);

	reading->why = "a value must stand behind the option";
	if (value == NULL)
		return false;
	*to = value;
	return true;
}

/* -bX */
static bool mode_take(struct reading *reading, char mode)
{
	switch (mode) {
	case 'm': case 'a':
		return true;
	case 'p':
		reading->out->mode = SENDMAIL_LIST;
		return true;
	case 'i': case 'v':
		reading->out->mode = SENDMAIL_NOTHING;
		return true;
	default:
		reading->why = "mailseal-sendmail sends mail and lists the "
			       "queue; it is no server";
		return false;
	}
}

static bool long_take(struct reading *reading, const char *word)
{
	if (strcmp(word, "--help") == 0)
		reading->out->mode = SENDMAIL_HELP;
	else if (strcmp(word, "--version") == 0)
		reading->out->mode = SENDMAIL_VERSION;
	else if (strncmp(word, "--account=", 10) == 0)
		reading->out->account = word + 10;
	else if (strncmp(word, "--require=", 10) == 0)
		reading->out->require = word + 10;
	else
		return false;
	return true;
}

/* -oX: how errors are told and when it is delivered. */
static bool old_take(struct reading *reading, const char *word)
{
	const char *ignored;

	if (strcmp(word, "-odb") == 0 || strcmp(word, "-odq") == 0 ||
	    strcmp(word, "-odd") == 0)
		reading->out->in_background = true;
	if (word[2] != 0)
		return true;
	return value_take(reading, word, &ignored);
}

static bool option_take(struct reading *reading, const char *word)
{
	struct sendmail_options *out = reading->out;
	const char *ignored;

	reading->why = "there is no such option";
	switch (word[1]) {
	case '-':
		return long_take(reading, word);
	case 't':
		out->read_recipients = true;
		return word[2] == 0 || strcmp(word, "-ti") == 0;
	case 'v':
		out->verbose = true;
		return word[2] == 0;
	case 'f': case 'r':
		return value_take(reading, word, &out->sender);
	case 'F':
		return value_take(reading, word, &out->full_name);
	case 'N':
		return value_take(reading, word, &out->notify);
	case 'R':
		return value_take(reading, word, &out->ret);
	case 'V':
		return value_take(reading, word, &out->envelope_id);
	case 'b':
		return mode_take(reading, word[2]);
	case 'o':
		return old_take(reading, word);
	case 'q':		/* -q, -q30m, -qfID: all of it, once */
		out->mode = SENDMAIL_FLUSH;
		return true;
	case 'I':
		out->mode = SENDMAIL_NOTHING;
		return true;
	case 'i':
		return word[2] == 0 || strcmp(word, "-it") == 0;
	default:
		break;
	}
	if (strchr(WITHOUT_VALUE, word[1]) != NULL)
		return word[2] == 0;
	if (strchr(WITH_VALUE, word[1]) != NULL)
		return value_take(reading, word, &ignored);
	return false;
}

static const char *name_of(const char *path)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool sendmail_options_read(int argc, char **argv,
			   struct sendmail_options *out, const char **why,
			   const char **word)
{
	struct reading reading = { argc, argv, 1, out, NULL };
	const char *name = name_of(argc > 0 ? argv[0] : NULL);

	memset(out, 0, sizeof(*out));
	if (name != NULL && strcmp(name, "mailq") == 0)
		out->mode = SENDMAIL_LIST;
	if (name != NULL && strcmp(name, "newaliases") == 0)
		out->mode = SENDMAIL_NOTHING;
	for (; reading.at < argc; reading.at++) {
		*word = argv[reading.at];
		if (strcmp(*word, "--") == 0) {
			reading.at++;
			break;
		}
		if ((*word)[0] != '-' || (*word)[1] == 0)
			break;
		if (!option_take(&reading, *word)) {
			*why = reading.why;
			return false;
		}
		if (strcmp(*word, "-it") == 0)
			out->read_recipients = true;
	}
	/* Behind the first recipient there may be options again, but only
	 * before "--". */
	out->recipients = argv + (reading.at < argc ? reading.at : argc);
	return true;
}
