/* sendmail_answer.h - what a receipt means to whoever called sendmail
 *
 * sysexits.h: 0 only when the server took the mail or the queue has it; 75
 * only when nobody has it.  The first line on standard error says it all,
 * because it is all that many programs show. */
#ifndef MAILSEAL_MUTT_SENDMAIL_ANSWER_H
#define MAILSEAL_MUTT_SENDMAIL_ANSWER_H

struct mailseal_report;

enum sendmail_talk { SENDMAIL_QUIET, SENDMAIL_TALKS };

/* Tells it, and answers the exit status. */
int sendmail_receipt(const struct mailseal_report *receipt,
		     enum sendmail_talk talk);

/* The exit status of an error's name (behind org.mailseal.Error.). */
int sendmail_error(const char *name);

/* A line "mailseal-sendmail: ..." on standard error, control characters made
 * harmless. */
void sendmail_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* A mail of the queue, as mailq(1) shows it. */
void sendmail_list_one(const struct mailseal_report *mail);

#endif
