/* fuzz_reply.c - answers of servers, whole and in pieces */
#include <stdint.h>
#include <stdlib.h>

#include "agent/smtp/ehlo.h"
#include "agent/smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply_reader *reader = malloc(sizeof(*reader));
	struct bytes all = { data, size }, from;
	struct reply reply;
	struct ehlo ehlo;
	char shown[100];
	size_t at;
	int r = REPLY_MORE;

	if (reader == NULL)
		return 0;
	reply_reader_init(reader);
	for (at = 0; r >= 0 && at < size; at += 7) {
		from = bytes_slice(all, at, at + 7);
		while (from.len > 0 && r >= 0) {
			r = reply_push(reader, &from, &reply);
			if (r != REPLY_DONE)
				continue;
			if (reply.code < 200 || reply.code > 599)
				abort();
			reply_print(&reply, shown, sizeof(shown));
			ehlo_parse(reply.text, &ehlo);
		}
	}
	reply_reader_free(reader);
	free(reader);
	return 0;
}
