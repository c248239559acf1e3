/* cli.h - the commands of mailseal(1) */
#ifndef MAILSEAL_CLI_CLI_H
#define MAILSEAL_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/mailseal.h"

/* The exit statuses of check, by the worst verdict (design 5). */
enum { CHECK_FINE = 0, CHECK_ALARM = 1, CHECK_UNVERIFIED = 2 };

/* Each takes what stands behind its name; answers the exit status. */
int check_command(int argc, char **argv);
int contacts_command(int argc, char **argv);
int dane_command(int argc, char **argv);
int filter_command(int argc, char **argv);
int find_command(int argc, char **argv);
int mutt_doctor_command(int argc, char **argv);
int mutt_rules_command(int argc, char **argv);
int forget_command(int argc, char **argv);
int open_command(int argc, char **argv);
int protect_command(int argc, char **argv);
int queue_command(int argc, char **argv);
int keys_command(int argc, char **argv);
int status_command(int argc, char **argv);
int suggest_command(int argc, char **argv);

/* The exit status of a verdict; of two, design 5: suspicious or spoofed is
 * worse than unverified, an error worse than both. */
int verdict_status(const char *verdict);
int worse_status(int a, int b);
/* failure.c: the exit status for a call that failed, for an error by its name,
 * and of the last call, which may have done well. */
int failure_status(enum mailseal_status status);
int error_status(const char *error);
int refusal_status(const struct mailseal *mailseal,
		   enum mailseal_status status);

/* An error line "mailseal: ..." on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Connects or complains; *status is then the exit status. */
struct mailseal *connect_or_complain(int *status);

/* print.c: one verdict for people; EXPLAINED tells every step. */
enum print_how { PRINT_SHORT, PRINT_EXPLAINED };
void print_verdict(const char *file, const struct mailseal_report *report,
		   enum print_how how);

/* print_explain.c: the evidence, step by step. */
void print_explain(const struct mailseal_report *report);

#endif
