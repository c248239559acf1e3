/* find_own.c - the user's own certificates: for mail to another address of
 * the same person
 *
 * What gpg's ring has is found there. */
#include "agent/flow/find_inside.h"

#include <openssl/x509.h>

#include "agent/base/arena.h"
#include "agent/crypto/certificate.h"
#include "agent/crypto/smime.h"

struct mine {
	X509 *x509;
	int64_t from;
};

static void add(struct find *find, X509 *x509)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	struct bytes blob = { der, len > 0 ? (size_t)len : 0 };
	size_t at = find->count;

	if (len > 0)
		find_smime_blob(find, FIND_OWN, blob, 0,
				DNS_SECURITY_UNKNOWN);
	OPENSSL_free(der);
	if (find->count > at)
		find->found[at].key.reads = SMIME_READS_GCM |
					    SMIME_READS_OAEP;
}

/* The newest first, as flow/seal_own.h prefers them: the author's copy and
 * this one are then the same. */
void find_own(struct find *find)
{
	const struct smime_world *world = find->job->world->smime;
	size_t all = world == NULL ? 0 : world->own_count, count = 0, i, at;
	struct arena *arena = find->job->arena;
	struct mine *mine = arena_array(arena, all + 1, sizeof(*mine));
	struct certificate facts;

	if (mine == NULL || !find_wants(find, &scheme_smime))
		return;
	for (i = 0; i < all; i++) {
		if (smime_own_read(world, arena, i, &facts) < 0 ||
		    !certificate_has(&facts, find->question->address))
			continue;
		for (at = count++; at > 0 && mine[at - 1].from < facts.from;
		     at--)
			mine[at] = mine[at - 1];
		mine[at].x509 = world->own[i];
		mine[at].from = facts.from;
	}
	for (i = 0; i < count; i++)
		add(find, mine[i].x509);
}
