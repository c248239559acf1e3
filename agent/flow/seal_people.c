/* seal_people.c - whose mail it is, and who gets it, before it is sealed */
#include "agent/flow/seal_people.h"

#include <string.h>

#include "agent/base/arena.h"
#include "agent/base/err.h"

static int refuse(struct seal_job *job, struct seal_people *out, int error,
		  const char *name, const char *sentence)
{
	out->error = name;
	if (job->why != NULL && sentence != NULL) {
		buf_clear(job->why);
		buf_text(job->why, sentence);
	}
	return error;
}

static int bad_address(struct seal_job *job, struct seal_people *out, int r,
		       const char *bad)
{
	if (r == ERR_LIMIT)
		return refuse(job, out, r, "TooManyRecipients",
			      arena_print(job->arena, "There are more than "
					  "%d recipients.",
					  OUTGOING_RECIPIENTS_MAX));
	return refuse(job, out, r, "InvalidAddress",
		      arena_print(job->arena, "\"%.200s\" is no mail address; "
				  "write it as NAME@DOMAIN.",
				  bad == NULL ? "" : bad));
}

static int sender_read(struct seal_job *job, const char *sender,
		       struct seal_people *out)
{
	struct outgoing_list list = { NULL, 0, 0 };
	const char *bad = sender;

	if (outgoing_addresses(job->arena, bytes_of(sender), &list,
			       &bad) < 0 || list.count != 1)
		return bad_address(job, out, ERR_SYNTAX, bad);
	out->author = list.all[0];
	return 0;
}

static int line_read(struct seal_job *job, struct bytes line,
		     struct outgoing_list *to, const char **bad)
{
	return bytes_trim(line).len == 0 ? 0 :
	       outgoing_addresses(job->arena, line, to, bad);
}

/* Sorts those that were given by what the header shows. */
static int given_sort(struct seal_job *job, struct bytes given,
		      const struct outgoing_list *shown,
		      struct seal_people *out)
{
	struct outgoing_list all = { NULL, 0, 0 };
	const char *bad = NULL;
	struct bytes line;
	size_t i;
	int r = 0;

	while (r == 0 && given.len > 0) {
		(void)bytes_cut(given, '\n', &line, &given);
		r = line_read(job, line, &all, &bad);
	}
	for (i = 0; r == 0 && i < all.count; i++)
		r = outgoing_list_add(job->arena,
				      outgoing_list_has(shown, all.all[i]) ?
				      &out->shown : &out->hidden, all.all[i]);
	return r < 0 ? bad_address(job, out, r, bad) : 0;
}

int seal_people_of_message(struct seal_job *job,
			   const struct memfile *message, struct bytes given,
			   const char *sender, struct seal_people *out)
{
	struct outgoing_list shown = { NULL, 0, 0 }, hidden = { NULL, 0, 0 };
	struct outgoing header;
	const char *bad = NULL;
	bool qualified;
	int r;

	memset(out, 0, sizeof(*out));
	r = outgoing_read(job->arena, message, &header);
	if (r < 0)
		return refuse(job, out, r, "InvalidMessage", "The message's "
			      "header is larger than any real one.");
	if (sender != NULL)
		r = sender_read(job, sender, out);
	else
		out->author = outgoing_author(job->arena, &header,
					      &qualified);
	if (r < 0)
		return r;
	if (out->author != NULL && out->author[0] == 0)
		out->author = NULL;
	r = outgoing_recipients(job->arena, &header, &shown, &hidden, &bad);
	if (bytes_trim(given).len == 0) {
		out->shown = shown;
		out->hidden = hidden;
		return r < 0 ? bad_address(job, out, r, bad) : 0;
	}
	/* What the header does not show in a way that can be read is hidden:
	 * the envelope counts. */
	return given_sort(job, given, &shown, out);
}

int seal_people_of_entity(struct seal_job *job, struct bytes given,
			  const char *sender, struct seal_people *out)
{
	const char *bad = NULL, *print;
	struct bytes line;
	int r = 0;

	memset(out, 0, sizeof(*out));
	if (sender != NULL)
		r = sender_read(job, sender, out);
	if (r < 0)
		return r;
	while (r == 0 && given.len > 0) {
		(void)bytes_cut(given, '\n', &line, &given);
		line = bytes_trim(line);
		if (memchr(line.data == NULL ? "" : (const char *)line.data,
			   '@', line.len) != NULL) {
			r = line_read(job, line, &out->shown, &bad);
		} else if (line.len > 0) {
			print = arena_text(job->arena, line);
			r = print == NULL ? ERR_LIMIT :
			    outgoing_list_add(job->arena, &out->shown, print);
		}
	}
	return r < 0 ? bad_address(job, out, r, bad) : 0;
}
