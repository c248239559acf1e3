/* fuzz_forger.c - a forger's message and the forger's zone
 *
 * The input is cut at '|': SPF, DMARC and key records of evil.example and of a
 * sub-domain of it, then the message.  None of it comes with Alice's key or
 * from her servers: whatever it is, her name is not shown, and what claims to
 * be hers and from nobody else is forged. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/base/arena.h"
#include "tests/flow/desk.h"

#define RECORDS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[RECORDS] = {
	"evil.example", "_dmarc.evil.example", "s._domainkey.evil.example",
	"a.evil.example", "_dmarc.a.evil.example",
	"evil.example._report._dmarc.evil.example"
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	(void)fprintf(stderr, "%s\n", what);
	abort();
}

/* One From field, of Alice's address alone: there is no other author. */
static bool is_plainly_alices(const struct desk_answer *answer)
{
	return answer->address != NULL &&
	       strcmp(answer->address, "alice@example.org") == 0 &&
	       strcmp(answer->code, "could-not-read") != 0 &&
	       strcmp(answer->code, "from-unusable") != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size }, record;
	struct desk_answer answer;
	struct desk *desk;
	void *state = NULL;
	const char *text;
	size_t i;

	(void)desk_set_up(&state);
	desk = state;
	for (i = 0; i < RECORDS; i++) {
		(void)bytes_cut(rest, '|', &record, &rest);
		text = arena_text(desk->arena, record);
		if (text != NULL && record.len > 0)
			script_txt(desk->script, names[i], text);
	}
	desk->options.client_ip = DESK_EVIL_IP;
	desk->options.mail_from = "x@a.evil.example";
	desk->options.helo = "evil.example";
	desk->options.explain = "yes";
	answer = desk_check_bytes(desk, rest);
	must(strcmp(answer.display, "name") != 0 && desk_hides_name(&answer),
	     "a forger's name is shown");
	if (is_plainly_alices(&answer))
		must(strcmp(answer.verdict, "spoofed") == 0,
		     "a forgery is taken for something else");
	(void)desk_tear_down(&state);
	return 0;
}
