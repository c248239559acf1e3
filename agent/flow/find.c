/* find.c - the keys and certificates of a correspondent */
#include "agent/flow/find.h"

#include "agent/flow/find_inside.h"

#define CERTIFICATE_TAG 0x30	/* a DER SEQUENCE; OpenPGP has bit 7 */

static void kept_add(struct find *find)
{
	const struct find_kept *kept = find->question->kept;
	size_t i;

	for (i = 0; i < find->question->kept_count && i < FIND_KEPT_MAX;
	     i++, kept++) {
		if (kept->blob.len == 0)
			continue;
		if (kept->blob.data[0] == CERTIFICATE_TAG) {
			if (find_wants(find, &scheme_smime))
				find_smime_blob(find, kept->source,
						kept->blob, kept->first_seen,
						DNS_SECURITY_UNKNOWN);
		} else if (find_wants(find, &scheme_openpgp)) {
			find_openpgp_blob(find, kept->source, kept->blob,
					  kept->first_seen,
					  DNS_SECURITY_UNKNOWN);
		}
	}
}

/* By what is at hand; nothing of it stays. */
static bool is_settled(struct find *find)
{
	size_t before = find->count;
	bool settled;

	kept_add(find);
	settled = find_is_settled(find);
	find->count = before;
	return settled;
}

int find_keys(struct seal_job *job, struct dns_request *request,
	      const struct find_question *question, struct found_key *out,
	      size_t room)
{
	struct find find = { job, question, out, 0, room, NULL, 0 };
	struct find_names *names = NULL;

	if (question->dns == FIND_WITH_DNS && request != NULL)
		names = find_names_ask(&find, request);
	find_own(&find);
	if (find_wants(&find, &scheme_openpgp))
		find_openpgp_ring(&find);
	if (question->dns == FIND_DNS_LAST && request != NULL &&
	    !is_settled(&find))
		names = find_names_ask(&find, request);
	if (names != NULL)
		find_names_await(&find, names);
	kept_add(&find);	/* DNS may speak of these as well */
	find_reads(&find);
	find_choose(&find);
	return (int)find.count;
}

const struct found_key *find_chosen(const struct found_key *found,
				    size_t count,
				    const struct scheme *scheme)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (found[i].chosen && found[i].scheme == scheme)
			return &found[i];
	return NULL;
}
