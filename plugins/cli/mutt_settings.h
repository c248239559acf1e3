/* mutt_settings.h - what a Mutt or NeoMutt has set, as it says itself
 *
 * The real program reads its whole configuration (so whatever that starts is
 * started) and prints its variables.  Passwords among them stay here: look at
 * what you print. */
#ifndef MAILSEAL_CLI_MUTT_SETTINGS_H
#define MAILSEAL_CLI_MUTT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct mutt_settings;

enum mutt_kind { MUTT_MUTT, MUTT_NEOMUTT };

/* `rc`: the user's file; NULL: the one that the program finds.  NULL: `why`
 * has the sentence; *missing tells that there is no such program. */
struct mutt_settings *mutt_settings_read(const char *program, const char *rc,
					 bool *missing, char *why,
					 size_t why_size);
void mutt_settings_free(struct mutt_settings *settings); /* NULL is allowed */

enum mutt_kind mutt_settings_kind(const struct mutt_settings *settings);
/* "2.2.12", "20220429"; "" when it does not say. */
const char *mutt_settings_version(const struct mutt_settings *settings);
/* Major and minor as one number, 2.2 is 202; NeoMutt's date as it is. */
long mutt_settings_number(const struct mutt_settings *settings);

/* Texts without their quotes; "yes" and "no".  NULL: no such variable. */
const char *mutt_settings_value(const struct mutt_settings *settings,
				const char *name);
/* Whether common.rc was sourced. */
bool mutt_settings_sourced(const struct mutt_settings *settings);
/* $PATH as the configuration leaves it. */
const char *mutt_settings_path(const struct mutt_settings *settings);

/* The first thing that the program complained of; NULL: nothing. */
const char *mutt_settings_complaint(const struct mutt_settings *settings);

#endif
