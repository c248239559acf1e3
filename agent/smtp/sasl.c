/* sasl.c - which mechanism is used */
#include "agent/smtp/sasl.h"

#include <stdio.h>
#include <string.h>

#include "agent/base/err.h"
#include "agent/smtp/ehlo.h"
#include "agent/smtp/saslprep.h"

#define CHOICES_MAX 5

/* The best first. */
static const struct sasl_mechanism *const choices[][CHOICES_MAX] = {
	[SASL_PASSWORD] = { &sasl_scram_plus, &sasl_scram, &sasl_plain,
			    &sasl_login, NULL },
	[SASL_SCRAM] = { &sasl_scram_plus, &sasl_scram, NULL },
	[SASL_PLAIN] = { &sasl_plain, NULL },
	[SASL_LOGIN] = { &sasl_login, NULL },
	[SASL_OAUTH] = { &sasl_oauthbearer, &sasl_xoauth2, NULL },
	[SASL_EXTERNAL] = { &sasl_external, NULL },
};

void sasl_prepare(void)
{
	saslprep_prepare();
}

int sasl_init(struct sasl *sasl, const struct sasl_login *login,
	      const struct ehlo *ehlo)
{
	const struct sasl_mechanism *const *at;

	memset(sasl, 0, sizeof(*sasl));
	sasl->login = login;
	buf_init(&sasl->first, SASL_NONCE_MAX * 4);
	sasl->plus_offered = ehlo_offers(ehlo, sasl_scram_plus.name);
	for (at = choices[login->way]; *at != NULL; at++) {
		if (!ehlo_offers(ehlo, (*at)->name) ||
		    ((*at)->binds && login->binding == NULL))
			continue;
		sasl->mechanism = *at;
		return 0;
	}
	if (ehlo->mechanisms[0] == 0)
		(void)snprintf(sasl->why, sizeof(sasl->why),
			       "the server offers no login; take \"password\" "
			       "out of the account if it needs none");
	else
		(void)snprintf(sasl->why, sizeof(sasl->why),
			       "the server offers no way to log in that the "
			       "account's \"auth\" allows; it offers%.120s",
			       ehlo->mechanisms);
	return ERR_UNSUPPORTED;
}

void sasl_free(struct sasl *sasl)
{
	if (sasl->first.data != NULL)
		explicit_bzero(sasl->first.data, sasl->first.room);
	buf_free(&sasl->first);
	explicit_bzero(sasl->server_signature,
		       sizeof(sasl->server_signature));
	explicit_bzero(sasl->nonce, sizeof(sasl->nonce));
}
