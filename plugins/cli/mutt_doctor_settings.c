/* mutt_doctor_settings.c - what Mutt has set for reading, and what it needs */
#include <stdio.h>
#include <string.h>

#include "plugins/cli/mutt_doctor.h"
#include "plugins/cli/run.h"

#define MUTT_LEAST	111		/* 1.11: index-format-hook */
#define NEOMUTT_LEAST	20191025

static const char *value_of(const struct doctor *doctor, const char *name)
{
	const char *value = mutt_settings_value(doctor->settings, name);

	return value == NULL ? "" : value;
}

static void look_version(struct doctor *doctor)
{
	long number = mutt_settings_number(doctor->settings);

	if (mutt_settings_kind(doctor->settings) == MUTT_NEOMUTT ?
	    number < NEOMUTT_LEAST : number < MUTT_LEAST)
		doctor_wrong(doctor, "the version is %s, which has no "
			     "index-format-hook to hide names with; install "
			     "Mutt 1.11, NeoMutt 20191025 or later.",
			     mutt_settings_version(doctor->settings)[0] == 0 ?
			     "not known" :
			     mutt_settings_version(doctor->settings));
}

/* "mailseal-display", with a path or without, as the first word; "exec" is
 * none. */
static bool is_first(const char *command, const char *name)
{
	size_t len, size = strlen(name);

	if (strncmp(command, "exec ", 5) == 0)
		command += 5;
	len = strcspn(command, " |;\t");

	return len >= size &&
	       strncmp(command + len - size, name, size) == 0 &&
	       (len == size || command[len - size - 1] == '/');
}

/* Where Mutt looks: a configuration can set $PATH anew. */
static void look_programs(struct doctor *doctor)
{
	static const struct called {
		const char *name;
		const char *by;		/* the setting; NULL: always */
		const char *what;
	} called[] = {
		{ "mailseal", NULL, "message" },
		{ "mailseal-display", NULL, "message" },
		{ "mailseal-smime", "smime_verify_command",
		  "S/MIME message" },
		{ "mailseal-pgp", "pgp_verify_command", "OpenPGP message" },
	};
	const char *path = mutt_settings_path(doctor->settings);
	size_t i;

	for (i = 0; i < sizeof(called) / sizeof(called[0]); i++)
		if ((called[i].by == NULL ||
		     is_first(value_of(doctor, called[i].by),
			      called[i].name)) &&
		    !run_is_in(path, called[i].name, strlen(called[i].name)))
			doctor_wrong(doctor, "%s is not found, and Mutt calls "
				     "it for every %s; add its folder to "
				     "$PATH.", called[i].name,
				     called[i].what);
}

static void look_filter(struct doctor *doctor)
{
	const char *filter = value_of(doctor, "display_filter");
	char room[DOCTOR_PLACE_ROOM];

	if (is_first(filter, "mailseal-display"))
		return;
	doctor_wrong(doctor, "display_filter is \"%s\"%s, so the pager shows "
		     "no verdict and every name; set display_filter="
		     "\"mailseal-display%s%s\" behind the source line.",
		     filter, doctor_place(doctor, "display_filter", room),
		     filter[0] == 0 ? "" : " | ",
		     strstr(filter, "mailseal-display") != NULL ? "..." :
		     filter);
}

static void look_formats(struct doctor *doctor)
{
	static const char *const names[] = { "index_format", "pager_format" };
	char room[DOCTOR_PLACE_ROOM];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(value_of(doctor, names[i]), "%@mailseal_") == NULL)
			doctor_wrong(doctor, "%s is set anew%s, so it shows "
				     "names that are not proved; set "
				     "my_mailseal_%.5s_left and _right "
				     "instead, as mailseal-mutt(7) shows.",
				     names[i],
				     doctor_place(doctor, names[i], room),
				     names[i]);
}

static void look_text(struct doctor *doctor)
{
	const char *attribution = value_of(doctor, "attribution");
	char room[DOCTOR_PLACE_ROOM];

	if (strcmp(value_of(doctor, "allow_ansi"), "no") != 0)
		doctor_wrong(doctor, "allow_ansi is set%s, so a mail can "
			     "paint a verdict of its own; set allow_ansi=no.",
			     doctor_place(doctor, "allow_ansi", room));
	if (value_of(doctor, "spam_separator")[0] == 0)
		doctor_wrong(doctor, "spam_separator is empty%s, so the last "
			     "of several fields wins, which is the sender's; "
			     "set spam_separator=\",\".",
			     doctor_place(doctor, "spam_separator", room));
	if (strstr(attribution, "%n") != NULL ||
	    strstr(attribution, "%F") != NULL ||
	    strstr(attribution, "%v") != NULL)
		doctor_note(doctor, "attribution has the sender's name as the "
			    "sender wrote it%s; %%a is the address.",
			    doctor_place(doctor, "attribution", room));
}

/* Its own crypto menus go through the agent only by the classic commands. */
static void look_crypto(struct doctor *doctor)
{
	const char *smime = value_of(doctor, "smime_sign_command");
	const char *pgp = value_of(doctor, "pgp_sign_command");
	char room[DOCTOR_PLACE_ROOM];

	if (strstr(smime, "mailseal-") == NULL &&
	    strstr(pgp, "mailseal-") == NULL)
		return;
	if (strcmp(value_of(doctor, "crypt_use_gpgme"), "yes") == 0)
		doctor_wrong(doctor, "crypt_use_gpgme is set%s, so Mutt's "
			     "crypto menus go past the agent; set "
			     "crypt_use_gpgme=no and start Mutt anew.",
			     doctor_place(doctor, "crypt_use_gpgme", room));
}

void doctor_look_settings(struct doctor *doctor)
{
	const char *complaint = mutt_settings_complaint(doctor->settings);

	if (complaint != NULL)
		doctor_wrong(doctor, "the configuration has a fault, and what "
			     "stands behind it may not count; mend it: %s",
			     complaint);
	look_version(doctor);
	look_programs(doctor);
	if (!mutt_settings_sourced(doctor->settings))
		return;
	look_filter(doctor);
	look_formats(doctor);
	look_text(doctor);
	look_crypto(doctor);
}
