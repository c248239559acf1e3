/* answers.c - whether a mail answers an encrypted one, for the sender
 * (ANSWERS) */
#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/value.h"
#include "agent/flow/answers.h"
#include "agent/roles/front/front.h"
#include "agent/roles/hex.h"
#include "agent/store/opened.h"

#define ARENA_SIZE (128 * 1024)

_Static_assert(OPENED_SUM == ANSWERS_SUM, "sums of one size");

/* 1, 0; ERR_*: the store cannot be read; *fine false: that is no question. */
static int any_opened(struct front *front, const struct value *question,
		      bool *fine)
{
	const struct value *list = value_find(question, "sums", VALUE_LIST);
	unsigned char sum[OPENED_SUM];
	const struct value *one;
	int found = 0;

	*fine = list != NULL && list->count <= ANSWERS_MAX;
	for (one = *fine ? list->first : NULL; one != NULL && found == 0;
	     one = one->next) {
		if (one->kind != VALUE_TEXT ||
		    !hex_read(one->text, sum, sizeof(sum))) {
			*fine = false;
			break;
		}
		found = front->store == NULL ? -1 :
			opened_has(front->store, sum);
	}
	return found;
}

bool front_answers(struct front *front, const struct frame *question)
{
	struct frame frame = { FRAME_ANSWERS, question->id, { NULL, 0 },
			       { 0 }, 0 };
	struct arena *arena = arena_new(ARENA_SIZE);
	struct value *dict = NULL, *answer = value_dict(arena);
	bool fine = false;
	struct buf wire;
	int opened = 0;

	if (arena != NULL &&
	    value_decode(arena, question->payload, &dict) == 0)
		opened = any_opened(front, dict, &fine);
	if (opened >= 0)
		value_put_truth(arena, answer, "opened", opened > 0);
	buf_init(&wire, CHANNEL_PAYLOAD_MAX);
	if (fine && value_encode(answer, &wire) == 0) {
		frame.payload = buf_bytes(&wire);
		(void)child_tell(front, CHILD_SENDER, &frame);
	}
	buf_free(&wire);
	arena_free(arena);
	return fine;
}
