/* main.c - picks the role */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/base/buf.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/log.h"
#include "agent/bus/secret_service.h"
#include "agent/pgp/engine.h"
#include "agent/roles/roles.h"

#define WHY_MAX 8192

static const char usage[] =
	"Usage: mailseald [--config FILE] [--verbose]\n"
	"The agent of mailseal: judges incoming mail for the mail clients of "
	"this user,\nover the session D-Bus. Usually started by the bus "
	"itself.\n\n"
	"  --config FILE   the configuration (default: $MAILSEAL_CONFIG, else\n"
	"                  $XDG_CONFIG_HOME/mailseal/config)\n"
	"  --verbose       say more on standard error\n"
	"  --version       print the version\n"
	"  --help          print this\n\n"
	"See mailseald(8) and mailseal-config(5).\n";

static char *default_path(void)
{
	const char *set = getenv("MAILSEAL_CONFIG");
	const char *folder = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;
	int len;

	if (set != NULL && set[0] != 0)
		return strdup(set);
	if (folder != NULL && folder[0] == '/')
		len = asprintf(&path, "%s/mailseal/config", folder);
	else
		len = asprintf(&path, "%s/.config/mailseal/config",
			       home == NULL ? "" : home);
	return len < 0 ? NULL : path;
}

/* NULL: said why. A default file that is not there is an empty one. */
static struct config *configure(const char *given)
{
	const char *home = getenv("HOME");
	char *path = given == NULL ? default_path() : strdup(given);
	struct config *config = NULL;
	bool named = given != NULL || getenv("MAILSEAL_CONFIG") != NULL;
	struct buf why;
	int r;

	buf_init(&why, WHY_MAX);
	r = path == NULL ? ERR_MEMORY :
		config_read(path, home == NULL ? "/" : home, &config, &why);
	if (r == ERR_IO && errno == ENOENT && !named) {
		config = config_default();
		r = config == NULL ? ERR_MEMORY : 0;
	}
	if (r < 0) {
		log_line(LOG_LEVEL_ERROR, "%s", why.len > 0 ?
			 buf_string(&why) : err_sentence(r));
		config = NULL;
	}
	buf_free(&why);
	free(path);
	return config;
}

static const struct role {
	const char *name, *log_name;
	int (*run)(void);
} roles[] = {
	{ "reader", "mailseald[reader]", reader_main },
	{ "resolver", "mailseald[resolver]", resolver_main },
	{ "sender", "mailseald[sender]", sender_main },
	{ "keeper", "mailseald[keeper]", keeper_main },
	{ "clerk", "mailseald[clerk]", clerk_main },
	{ "pgp", "mailseald[pgp]", pgp_main },
};

static int role_main(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, name) == 0) {
			log_open(roles[i].log_name, LOG_LEVEL_INFO);
			return roles[i].run();
		}
	log_line(LOG_LEVEL_ERROR, "there is no role \"%s\"; roles are started "
		 "by mailseald itself", name);
	return EX_USAGE;
}

int main(int argc, char **argv)
{
	enum log_level level = LOG_LEVEL_INFO;
	const char *config_path = NULL;
	struct config *config;
	int i;

	pgp_exec(argv);			/* GPGME wants gpg */
	log_open("mailseald", level);
	for (i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--role=", 7) == 0)
			return role_main(argv[i] + 7);
		if (strcmp(argv[i], "--secret-service") == 0 && i + 2 < argc)
			return secret_service_main(argv[i + 1], argv[i + 2]);
		if (strcmp(argv[i], "--help") == 0) {
			(void)fputs(usage, stdout);
			return EX_OK;
		}
		if (strcmp(argv[i], "--version") == 0) {
			(void)puts("mailseald " MAILSEAL_VERSION);
			return EX_OK;
		}
		if (strcmp(argv[i], "--verbose") == 0) {
			level = LOG_LEVEL_DEBUG;
		} else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
			config_path = argv[++i];
		} else {
			log_line(LOG_LEVEL_ERROR, "unknown or incomplete "
				 "option \"%s\"; mailseald --help lists the "
				 "options", argv[i]);
			return EX_USAGE;
		}
	}
	log_open("mailseald", level);
	config = configure(config_path);
	if (config == NULL)
		return EX_CONFIG;
	return front_main(config);
}
