/* fuzz_sender.c - the frames that the sender takes from the front
 *
 * With mails, jobs of the queue and kept keys in the descriptors, and no
 * network at all. */
#include <sys/socket.h>

#include "agent/roles/sender/sender.h"
#include "tests/fuzz/role_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever address the script names, nobody is reached. */
int connect(int fd, const struct sockaddr *address, socklen_t len)
{
	(void)fd;
	(void)address;
	(void)len;
	errno = ENETUNREACH;
	return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char requests[] = {
		FRAME_SERVER, FRAME_PREPARE, FRAME_SUBMIT, FRAME_FIND_KEY,
		FRAME_PUBLISH_KEY, FRAME_PROTECT, FRAME_SIGN, FRAME_ENCRYPT, 0
	};
	struct sender sender;
	unsigned open_before;

	if (size > FRAMES_BYTES)
		return 0;
	open_before = stage_set((struct bytes){ data, size }, requests);
	if (sender_make(&sender) < 0)
		abort();
	stage_enter(sender.keys, sender.openpgp);
	stage_judge(sender_serve(&sender), open_before);
	return 0;
}
