/* mutt_field.h - the delivery filter's field, as configuration of Mutt
 *
 * Mutt's "spam" command notes the verdict of a message while it reads its
 * header; patterns then find it by ~H.  The note holds the secret digits of
 * the field's name, so no other field can make one like it.
 * The field itself is not among what Mutt shows: what is shown is quoted in
 * forwarded mail, and the name is the user's secret. */
#ifndef MAILSEAL_CLI_MUTT_FIELD_H
#define MAILSEAL_CLI_MUTT_FIELD_H

#define MUTT_FIELD_ROOM 32	/* bytes of a name with its end */

struct mutt_session;

/* `name` if it is a name of the filter's field, else "". */
void mutt_field_take(const char *name, char out[MUTT_FIELD_ROOM]);

/* What makes Mutt note the field, and the rules for mail that has it: names
 * by the index-format-hook `hook`, colours.  "": nothing. */
void mutt_field_print(const char *field, const char *hook,
		      struct mutt_session *session);

/* A pattern, to be put behind others: mail that has not this field.  Good
 * until the next call. */
const char *mutt_field_but(const char *field);

#endif
