/* fuzz_wire.c - frames of questions and answers, from a role gone bad */
#include <stddef.h>
#include <stdint.h>

#include "agent/dns/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_answer answer;
	struct bytes whole = { data, size }, questions = whole;
	struct wire_question question;

	while (wire_take_question(&questions, &question) > 0)
		;
	(void)wire_take_answer(whole, &answer);
	return 0;
}
