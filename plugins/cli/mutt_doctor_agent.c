/* mutt_doctor_agent.c - whether verdicts can reach Mutt at all */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "plugins/cli/mutt_doctor.h"
#include "proto/mailseal.h"

#define ASK_MS 5000

/* $spoolfile with what Mutt's shortcuts stand for; false: not a folder on
 * this machine. */
static bool inbox(const struct doctor *doctor, char path[MUTT_PATH_ROOM])
{
	const char *spool = mutt_settings_value(doctor->settings, "spoolfile");
	const char *folder = mutt_settings_value(doctor->settings, "folder");
	char whole[MUTT_PATH_ROOM];
	struct stat about;

	if (spool == NULL)
		spool = mutt_settings_value(doctor->settings, "spool_file");
	if (spool == NULL || spool[0] == 0)
		return false;
	if ((spool[0] == '+' || spool[0] == '=') && folder != NULL)
		(void)snprintf(whole, sizeof(whole), "%s/%s", folder,
			       spool + 1);
	else
		(void)snprintf(whole, sizeof(whole), "%s", spool);
	return mutt_path_expand(whole, doctor->rc, path) &&
	       stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static void look_folders(struct doctor *doctor, struct mailseal *mailseal)
{
	struct mailseal_report *report = NULL;
	char path[MUTT_PATH_ROOM], key[64], why[512];
	const char *watched;
	unsigned i;

	if (mailseal_property(mailseal, "Folders", &report, why,
			      sizeof(why)) != MAILSEAL_OK)
		return;
	if (!inbox(doctor, path))
		path[0] = 0;
	for (i = 0;; i++) {
		(void)snprintf(key, sizeof(key), "watched.%u", i);
		watched = mailseal_report_text(report, key);
		if (watched == NULL || path[0] == 0 ||
		    mutt_path_same(watched, path))
			break;
	}
	if (watched == NULL && path[0] != 0)
		doctor_note(doctor, "spoolfile %s is not watched, so only what "
			    "mailseal filter delivers there has a verdict; "
			    "name it as watch in [incoming] of mailseal's "
			    "configuration.", path);
	else if (i == 0 && watched == NULL)
		doctor_note(doctor, "no folder is watched, so only what "
			    "mailseal filter delivers has a verdict; name your "
			    "Maildirs as watch in [incoming] of mailseal's "
			    "configuration.");
	mailseal_report_free(report);
}

void doctor_look_agent(struct doctor *doctor)
{
	struct mailseal_report *report = NULL;
	enum mailseal_status status;
	struct mailseal *mailseal;
	const char *version;
	char why[512];

	mailseal = mailseal_open(&status, why, sizeof(why));
	if (mailseal == NULL) {
		doctor_wrong(doctor, "the session bus is out of reach, so no "
			     "verdict is found: %s.", why);
		return;
	}
	mailseal_hurry(mailseal, ASK_MS);
	status = mailseal_properties(mailseal, &report, why, sizeof(why));
	if (status != MAILSEAL_OK) {
		doctor_wrong(doctor, "the agent does not answer, so no verdict "
			     "is found: %s; mailseal status says more.", why);
	} else {
		version = mailseal_report_text(report, "Version");
		if (version == NULL || strcmp(version, MAILSEAL_VERSION) != 0)
			doctor_note(doctor, "the agent is of version %s, and "
				    "this is %s; start the agent anew.",
				    version == NULL ? "?" : version,
				    MAILSEAL_VERSION);
		look_folders(doctor, mailseal);
	}
	mailseal_report_free(report);
	mailseal_close(mailseal);
}
