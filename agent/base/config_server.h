/* config_server.h - a submission server as the configuration names it
 *
 * "smtps://HOST[:PORT]" (implicit TLS, 465) or "smtp://HOST[:PORT]"
 * (STARTTLS, 587); HOST a name, an IPv4 address, or an IPv6 address in
 * brackets.
 * Does not do: make A-labels, ask DNS. */
#ifndef MAILSEAL_BASE_CONFIG_SERVER_H
#define MAILSEAL_BASE_CONFIG_SERVER_H

#include <stdint.h>

#include "agent/base/bytes.h"

#define CONFIG_HOST_MAX 253

enum config_start { CONFIG_TLS, CONFIG_STARTTLS };

struct config_server {
	enum config_start start;
	char host[CONFIG_HOST_MAX + 1];	/* without brackets */
	uint16_t port;
};

/* False: it is none. */
bool config_server_parse(struct bytes text, struct config_server *out);

enum config_secret { CONFIG_COMMAND, CONFIG_SECRET_SERVICE, CONFIG_ASK };

/* The value of `password`; *command is what stands behind "command:".
 * False: it is none of the three. */
bool config_secret_parse(struct bytes text, enum config_secret *kind,
			 struct bytes *command);

#endif
