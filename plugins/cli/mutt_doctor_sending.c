/* mutt_doctor_sending.c - how Mutt sends, and what loses mail */
#include <stdio.h>
#include <string.h>

#include "plugins/cli/mutt_doctor.h"
#include "plugins/cli/run.h"

#define OURS "mailseal-sendmail"

static const char *value_of(const struct doctor *doctor, const char *name)
{
	const char *value = mutt_settings_value(doctor->settings, name);

	return value == NULL ? "" : value;
}

static bool is_ours(const char *sendmail, size_t len)
{
	size_t size = strlen(OURS);

	return len >= size &&
	       strncmp(sendmail + len - size, OURS, size) == 0 &&
	       (len == size || sendmail[len - size - 1] == '/');
}

void doctor_look_sending(struct doctor *doctor)
{
	const char *sendmail = value_of(doctor, "sendmail");
	const char *wait = value_of(doctor, "sendmail_wait");
	size_t len = strcspn(sendmail, " ");
	char room[DOCTOR_PLACE_ROOM];

	if (!is_ours(sendmail, len)) {
		doctor_note(doctor, "sendmail is \"%s\"%s, so mail is sent "
			    "without the agent; set sendmail=\"" OURS " -oi\" "
			    "once an account stands in mailseal's "
			    "configuration.", sendmail,
			    doctor_place(doctor, "sendmail", room));
		return;
	}
	if (!run_is_in(mutt_settings_path(doctor->settings), sendmail, len))
		doctor_wrong(doctor, "sendmail names %.*s%s, which is not "
			     "there, so that nothing can be sent; add its "
			     "folder to $PATH.", (int)len, sendmail,
			     doctor_place(doctor, "sendmail", room));
	if (strpbrk(sendmail, "\"'`$|;&<>") != NULL)
		doctor_wrong(doctor, "sendmail has quotes or other signs of a "
			     "shell%s, and Mutt cuts it at blanks and passes "
			     "them on as they are; leave them out.",
			     doctor_place(doctor, "sendmail", room));
	if (strcmp(wait, "0") != 0)
		doctor_wrong(doctor, "sendmail_wait is %s%s, so Mutt does not "
			     "show what could not be sent, and such mail is "
			     "lost; set sendmail_wait=0.", wait,
			     doctor_place(doctor, "sendmail_wait", room));
	if (value_of(doctor, "smtp_url")[0] != 0)
		doctor_wrong(doctor, "smtp_url is set%s, so Mutt speaks with "
			     "that server itself and never calls sendmail; "
			     "unset smtp_url.",
			     doctor_place(doctor, "smtp_url", room));
}
