/* fuzz_serve.c - the frames that the role which drives gpg takes
 *
 * From the front, and from an asker; without a gpg, so that what is well
 * formed is refused at once. */
#include <stdint.h>

#include "agent/base/err.h"
#include "agent/pgp/serve.h"
#include "tests/fuzz/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first half is the asker's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = { data, size };
	struct frame client;
	int front[2], asker[2], i;

	if (size > FRAMES_BYTES)
		return 0;
	if (channel_pair(front) < 0 || channel_pair(asker) < 0)
		abort();
	memset(&client, 0, sizeof(client));
	client.type = FRAME_CLIENT;
	client.fds[0] = asker[0];
	client.fd_count = 1;
	(void)channel_send(front[1], &client);
	(void)close(asker[0]);
	/* One turn is full of these: the asker is served before the rest. */
	memset(&client, 0, sizeof(client));
	client.type = FRAME_CANCEL;
	for (i = 0; i < 64; i++)
		(void)channel_send(front[1], &client);
	frames_send(asker[1], bytes_slice(all, 0, size / 2));
	frames_send(front[1], bytes_slice(all, size / 2, size));
	if (pgp_serve(front[0], NULL, NULL) >= 0)
		abort();
	(void)close(asker[1]);
	(void)close(front[0]);
	(void)close(front[1]);
	return 0;
}
