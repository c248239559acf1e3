/* config_server.c - reading a server's URL, and where its password is */
#include "agent/base/config_server.h"

#define PORT_TLS	465	/* RFC 8314 section 7.3 */
#define PORT_STARTTLS	587	/* RFC 6409 section 3.1 */

static bool host_take(struct bytes *rest, struct config_server *out)
{
	bool brackets = rest->len > 0 && rest->data[0] == '[';
	struct bytes host;
	size_t i;

	if (brackets) {
		*rest = bytes_slice(*rest, 1, rest->len);
		if (!bytes_cut(*rest, ']', &host, rest))
			return false;
	} else {
		i = bytes_find(*rest, ':');
		host = bytes_slice(*rest, 0, i);
		*rest = bytes_slice(*rest, i, rest->len);
	}
	if (host.len == 0 || host.len > CONFIG_HOST_MAX)
		return false;
	for (i = 0; i < host.len; i++)
		if (host.data[i] <= ' ' || host.data[i] == 0x7f ||
		    memchr("/?#@[]<>\"\\", host.data[i], 10) != NULL ||
		    (host.data[i] == ':') > brackets)
			return false;
	memcpy(out->host, host.data, host.len);
	return true;
}

bool config_server_parse(struct bytes text, struct config_server *out)
{
	long long port;

	memset(out, 0, sizeof(*out));
	if (bytes_starts_nocase(text, "smtps://")) {
		out->start = CONFIG_TLS;
		out->port = PORT_TLS;
		text = bytes_slice(text, 8, text.len);
	} else if (bytes_starts_nocase(text, "smtp://")) {
		out->start = CONFIG_STARTTLS;
		out->port = PORT_STARTTLS;
		text = bytes_slice(text, 7, text.len);
	} else {
		return false;
	}
	if (text.len > 0 && text.data[text.len - 1] == '/')
		text.len--;
	if (!host_take(&text, out))
		return false;
	if (text.len == 0)
		return true;
	port = bytes_number(bytes_slice(text, 1, text.len));
	if (text.data[0] != ':' || port < 1 || port > UINT16_MAX)
		return false;
	out->port = (uint16_t)port;
	return true;
}

bool config_secret_parse(struct bytes text, enum config_secret *kind,
			 struct bytes *command)
{
	command->data = NULL;
	command->len = 0;
	if (bytes_starts(text, "command:")) {
		*kind = CONFIG_COMMAND;
		*command = bytes_trim(bytes_slice(text, 8, text.len));
		return command->len > 0;
	}
	if (bytes_is(text, "secret-service"))
		*kind = CONFIG_SECRET_SERVICE;
	else if (bytes_is(text, "ask"))
		*kind = CONFIG_ASK;
	else
		return false;
	return true;
}
