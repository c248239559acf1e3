/* mutt_doctor.h - one examination of a Mutt, and what came out of it */
#ifndef MAILSEAL_CLI_MUTT_DOCTOR_H
#define MAILSEAL_CLI_MUTT_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "plugins/cli/mutt_files.h"
#include "plugins/cli/mutt_path.h"
#include "plugins/cli/mutt_settings.h"

#define DOCTOR_NOWHERE	((size_t)-1)

struct doctor {
	const char *program;
	const char *chosen;		/* --rc; NULL: none */
	const char *folder;		/* of mutt.rc and neomutt.rc */
	char rc[MUTT_PATH_ROOM];	/* the user's file */
	bool rc_there;
	char source[MUTT_PATH_ROOM];	/* the file of ours to source */
	struct mutt_settings *settings;
	struct mutt_files *files;
	size_t source_at;		/* the command that sources it, or
					 * DOCTOR_NOWHERE */
	bool misplaced;			/* mended by the line at the end */
	unsigned wrong;
};

/* Each prints one sentence: what, why, what to do. */
void doctor_wrong(struct doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_note(const struct doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* " (line 3 of ~/.muttrc)" of the last command that sets it; "" when nobody
 * knows.  Notes when that stands behind the source line.
 * mutt_doctor_place.c */
#define DOCTOR_PLACE_ROOM (MUTT_PATH_ROOM + 64)
const char *doctor_place(struct doctor *doctor, const char *name,
			 char room[DOCTOR_PLACE_ROOM]);
/* Finds source_at. */
void doctor_source_find(struct doctor *doctor);
bool doctor_is_ours(const struct doctor *doctor, const char *path);

/* The examinations, a file each. */
void doctor_look_settings(struct doctor *doctor);
void doctor_look_sending(struct doctor *doctor);
void doctor_look_place(struct doctor *doctor);
void doctor_look_agent(struct doctor *doctor);

/* mutt_doctor_write.c: the source line at the end of the user's file, by a
 * new file in its place; a copy stays.  An exit status. */
int doctor_write(const struct doctor *doctor);

#endif
