/* mutt_doctor.c - mailseal mutt-doctor: what is wrong with a Mutt's
 * configuration, and what to change */
#include "plugins/cli/mutt_doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <unistd.h>

#include "plugins/cli/cli.h"
#include "plugins/cli/print_text.h"
#include "plugins/cli/run.h"

#define SENTENCE_ROOM	8192

enum writing { WRITE_ASK, WRITE_YES, WRITE_NO };

struct options {
	const char *program, *rc, *folder;
	enum writing writing;
};

static void say(const char *label, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void say(const char *label, const char *format, va_list args)
{
	char sentence[SENTENCE_ROOM];

	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	put_entry(label, "%s", sentence);
}

void doctor_wrong(struct doctor *doctor, const char *format, ...)
{
	va_list args;

	doctor->wrong++;
	va_start(args, format);
	say("wrong", format, args);
	va_end(args);
}

void doctor_note(const struct doctor *doctor, const char *format, ...)
{
	va_list args;

	(void)doctor;
	va_start(args, format);
	say("note", format, args);
	va_end(args);
}

/* neomutt.rc where only a NeoMutt reads the user's file. */
static void choose_source(struct doctor *doctor)
{
	const char *name = strrchr(doctor->rc, '/');
	bool neomutt = mutt_settings_kind(doctor->settings) == MUTT_NEOMUTT &&
		       (strstr(name == NULL ? doctor->rc : name, "neomutt") !=
			NULL || strstr(doctor->rc, "/neomutt/") != NULL ||
			!run_is_there("mutt", 4));

	(void)snprintf(doctor->source, sizeof(doctor->source), "%s/%s",
		       doctor->folder, neomutt ? "neomutt.rc" : "mutt.rc");
}

static bool doctor_read(struct doctor *doctor, int *status)
{
	bool missing;
	char why[512];

	doctor->settings = mutt_settings_read(doctor->program, doctor->chosen,
					      &missing, why, sizeof(why));
	if (doctor->settings == NULL) {
		complain("%s.", why);
		*status = missing ? EX_UNAVAILABLE : EX_SOFTWARE;
		return false;
	}
	if (doctor->chosen != NULL) {
		(void)snprintf(doctor->rc, sizeof(doctor->rc), "%s",
			       doctor->chosen);
		doctor->rc_there = access(doctor->rc, F_OK) == 0;
	} else {
		doctor->rc_there = mutt_files_find(
			mutt_settings_kind(doctor->settings), doctor->rc,
			sizeof(doctor->rc));
	}
	doctor->files = mutt_files_read(doctor->rc);
	if (doctor->files == NULL) {
		complain("out of memory.");
		*status = EX_OSERR;
		return false;
	}
	choose_source(doctor);
	doctor_source_find(doctor);
	return true;
}

static void doctor_look(struct doctor *doctor)
{
	char path[MUTT_PATH_ROOM];

	(void)printf("%s %s, ", mutt_settings_kind(doctor->settings) ==
		     MUTT_NEOMUTT ? "NeoMutt" : "Mutt",
		     mutt_settings_version(doctor->settings));
	put_text(mutt_path_short(doctor->rc, path));
	(void)puts(doctor->rc_there ? "" : " (not there yet)");
	doctor_look_place(doctor);
	doctor_look_settings(doctor);
	doctor_look_sending(doctor);
	doctor_look_agent(doctor);
	if (doctor->wrong == 0)
		put_entry("fine", "nothing is wrong");
}

static bool may_write(const struct doctor *doctor, enum writing writing)
{
	char path[MUTT_PATH_ROOM], answer[16];

	if (!doctor->misplaced || writing == WRITE_NO)
		return false;
	if (writing == WRITE_YES)
		return true;
	if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
		(void)printf("  To have that line written, a copy kept: "
			     "mailseal mutt-doctor --write\n");
		return false;
	}
	(void)printf("Write \"source %s\" at the end of ", doctor->source);
	put_text(mutt_path_short(doctor->rc, path));
	(void)printf(", and keep a copy? [y/N] ");
	(void)fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

static void doctor_end(struct doctor *doctor)
{
	mutt_files_free(doctor->files);
	mutt_settings_free(doctor->settings);
}

static int examine(const char *program, const struct options *options)
{
	struct doctor doctor;
	enum writing writing = options->writing;
	bool again = true;
	int status = EX_OK;

	while (again && status == EX_OK) {
		(void)memset(&doctor, 0, sizeof(doctor));
		doctor.program = program;
		doctor.chosen = options->rc;
		doctor.folder = options->folder;
		again = false;
		if (doctor_read(&doctor, &status)) {
			doctor_look(&doctor);
			status = doctor.wrong > 0 ? 1 : EX_OK;
			if (may_write(&doctor, writing)) {
				status = doctor_write(&doctor);
				again = true;
				writing = WRITE_NO;
			}
		}
		doctor_end(&doctor);
	}
	return status;
}

/* Each that is there and has a file of the user; else the first. */
static int examine_all(const struct options *options)
{
	static const struct {
		const char *program;
		enum mutt_kind kind;
	} known[] = {
		{ "mutt", MUTT_MUTT }, { "neomutt", MUTT_NEOMUTT },
	};
	const char *first = NULL;
	char path[MUTT_PATH_ROOM];
	int status = EX_OK, one;
	size_t i, done = 0;

	if (options->program != NULL)
		return examine(options->program, options);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!run_is_there(known[i].program, strlen(known[i].program)))
			continue;
		if (first == NULL)
			first = known[i].program;
		if (options->rc == NULL &&
		    !mutt_files_find(known[i].kind, path, sizeof(path)))
			continue;
		if (done++ > 0)
			(void)putchar('\n');
		one = examine(known[i].program, options);
		status = one > status ? one : status;
	}
	if (done == 0 && first != NULL)
		return examine(first, options);
	if (first != NULL)
		return status;
	complain("there is no mutt and no neomutt in $PATH; install one, or "
		 "name it with --program.");
	return EX_UNAVAILABLE;
}

int mutt_doctor_command(int argc, char **argv)
{
	struct options options = { NULL, NULL, MAILSEAL_RC_FOLDER, WRITE_ASK };
	const char **value;
	int i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--write") == 0) {
			options.writing = WRITE_YES;
			continue;
		}
		value = strcmp(argv[i], "--program") == 0 ? &options.program :
			strcmp(argv[i], "--rc") == 0 ? &options.rc :
			strcmp(argv[i], "--folder") == 0 ? &options.folder :
			NULL;
		if (value == NULL || i + 1 == argc) {
			complain("mutt-doctor takes --program PROGRAM, --rc "
				 "FILE, --folder DIR and --write; see "
				 "mailseal-mutt(7).");
			return EX_USAGE;
		}
		*value = argv[++i];
	}
	return examine_all(&options);
}
