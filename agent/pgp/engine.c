/* engine.c - GPGME made ready, and the way into gpg */
#include "agent/pgp/engine.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/err.h"

#define GPGME_NEEDED	"1.18.0"
#define SELF		"/proc/self/exe"
#define PROGRAM_NAME	"MAILSEALD_GPG"
#define FILTER_NAME	"MAILSEALD_GPG_FILTER"
#define ARGUMENTS_MAX	4096

void pgp_exec(char **argv)
{
	static char no_autostart[] = "--no-autostart";
	static char no_retrieve[] = "--no-auto-key-retrieve";
	static char filter_option[] = "--export-filter";
	static char *arguments[ARGUMENTS_MAX];
	char *program = getenv(PROGRAM_NAME), *filter = getenv(FILTER_NAME);
	size_t at = 0;

	if (program == NULL || argv[0] == NULL)
		return;
	(void)unsetenv(PROGRAM_NAME);
	(void)unsetenv(FILTER_NAME);
	arguments[at++] = argv[0];
	arguments[at++] = no_autostart;
	arguments[at++] = no_retrieve;
	if (filter != NULL) {
		arguments[at++] = filter_option;
		arguments[at++] = filter;
	}
	for (argv++; *argv != NULL && at < ARGUMENTS_MAX - 1; argv++)
		arguments[at++] = *argv;
	if (*argv == NULL)
		(void)execv(program, arguments);
	_exit(127);
}

/* 2.2 fails where integrity protection is missing; older ones only warn. */
static bool is_new_enough(const char *version)
{
	char *end;
	long major = strtol(version, &end, 10);

	return major > 2 || (major == 2 && *end == '.' &&
			     strtol(end + 1, NULL, 10) >= 2);
}

int pgp_prepare(const struct pgp_engine *engine)
{
	gpgme_engine_info_t info = NULL;

	/* gpgconf is not asked: what it would say is told by the front. */
	if (gpgme_set_global_flag("disable-gpgconf", "1") != 0 ||
	    setenv(PROGRAM_NAME, engine->program, 1) < 0)
		return ERR_MEMORY;
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (gpgme_check_version(GPGME_NEEDED) == NULL ||
	    gpgme_set_engine_info(GPGME_PROTOCOL_OpenPGP, SELF,
				  engine->home) != 0 ||
	    gpgme_get_engine_info(&info) != 0)
		return ERR_UNSUPPORTED;
	while (info != NULL && info->protocol != GPGME_PROTOCOL_OpenPGP)
		info = info->next;
	if (info == NULL || info->version == NULL ||
	    !is_new_enough(info->version))
		return ERR_UNSUPPORTED;
	return 0;
}

void pgp_unlock_at(const char *tty, const char *display)
{
	if (display != NULL)
		(void)setenv("DISPLAY", display, 1);
	if (tty == NULL)
		return;
	(void)setenv("GPG_TTY", tty, 1);
	(void)setenv("TERM", "xterm", 1);	/* every terminal is one */
}

void pgp_export_only(const char *address)
{
	char filter[400];
	int len = snprintf(filter, sizeof(filter), "keep-uid=mbox = %s",
			   address);

	if (len > 0 && (size_t)len < sizeof(filter))
		(void)setenv(FILTER_NAME, filter, 1);
}

gpgme_ctx_t pgp_context(void)
{
	gpgme_ctx_t ctx = NULL;

	if (gpgme_new(&ctx) != 0)
		return NULL;
	gpgme_set_offline(ctx, 1);
	if (gpgme_set_protocol(ctx, GPGME_PROTOCOL_OpenPGP) != 0 ||
	    gpgme_set_ctx_flag(ctx, "auto-key-retrieve", "0") != 0 ||
	    gpgme_set_ctx_flag(ctx, "auto-key-import", "0") != 0) {
		gpgme_release(ctx);
		return NULL;
	}
	return ctx;
}
