/* cfws.c - comments nest, quoted strings do not */
#include "agent/mail/cfws.h"

bool cfws_comment(struct bytes *text, struct bytes *inside)
{
	unsigned depth = 0;
	size_t at;

	for (at = 0; at < text->len; at++) {
		if (text->data[at] == '\\')
			at++;
		else if (text->data[at] == '(' && ++depth > CFWS_DEPTH_MAX)
			return false;
		else if (text->data[at] == ')' && --depth == 0)
			break;
	}
	if (at >= text->len)
		return false;
	*inside = bytes_slice(*text, 1, at);
	*text = bytes_slice(*text, at + 1, text->len);
	return true;
}

bool cfws_skip(struct bytes *text)
{
	struct bytes inside;

	while (text->len > 0) {
		if (byte_is_space(text->data[0]))
			*text = bytes_slice(*text, 1, text->len);
		else if (text->data[0] != '(')
			break;
		else if (!cfws_comment(text, &inside))
			return false;
	}
	return true;
}

bool cfws_quoted(struct bytes *text, struct bytes *inside)
{
	size_t at;

	for (at = 1; at < text->len && text->data[at] != '"'; at++)
		if (text->data[at] == '\\')
			at++;
	if (at >= text->len)
		return false;
	*inside = bytes_slice(*text, 1, at);
	*text = bytes_slice(*text, at + 1, text->len);
	return true;
}
