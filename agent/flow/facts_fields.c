/* facts_fields.c - the tables that facts_text.c goes by
 *
 * Who adds a field to a finding: a line here, and its size below.  Who takes
 * one away or changes a word: raise FACTS_VERSION in facts_text.c. */
#include "agent/flow/facts_fields.h"

#include "agent/verdict/verdict.h"

static const char *const results[] = {
	"none", "pass", "fail", "softfail", "neutral", "policy", "temperror",
	"permerror", NULL
};
static const char *const policies[] = {
	"unset", "none", "quarantine", "reject", NULL
};
static const char *const securities[] = {
	"insecure", "secure", "bogus", "unknown", NULL
};
static const char *const integrities[] = {
	"unknown", "whole", "partly", "tampered", NULL
};
static const char *const scopes[] = { "none", "mfrom", "helo", NULL };
static const char *const proofs[] = { "none", "dkim", "spf", "server", NULL };
static const char *const consents[] = {
	"not-asked", "given", "denied", "not-told", NULL
};
static const char *const froms[] = {
	"one", "missing", "repeated", "ambiguous", "several", "group",
	"control", NULL
};

#define WORDS_ARE(words, last) \
	_Static_assert(sizeof(words) / sizeof((words)[0]) == (last) + 2, \
		       "a word is missing, or one too many")
WORDS_ARE(results, RESULT_PERMERROR);
WORDS_ARE(policies, POLICY_REJECT);
WORDS_ARE(securities, DNS_SECURITY_UNKNOWN);
WORDS_ARE(integrities, INTEGRITY_TAMPERED);
WORDS_ARE(scopes, SPF_HELO);
WORDS_ARE(proofs, PROOF_SERVER);
WORDS_ARE(consents, DMARC_CONSENT_NOT_TOLD);
WORDS_ARE(froms, FROM_CONTROL);

#define FIELD(kind, need, owner, member, words) \
	{ #member, FACT_##kind, FACT_##need, offsetof(struct owner, member), \
	  words }
#define END { NULL, FACT_TEXT, FACT_DETAIL, 0, NULL }

static const struct fact_field top_fields[] = {
	FIELD(WORD, NEEDED, facts, from, froms),
	FIELD(TEXT, NEEDED, facts, from_text, NULL),
	FIELD(TEXT, NEEDED, facts, address, NULL),
	FIELD(TEXT, NEEDED, facts, domain, NULL),
	FIELD(TEXT, NEEDED, facts, name, NULL),
	FIELD(TRUTH, NEEDED, facts, name_unreadable, NULL),
	FIELD(TRUTH, NEEDED, facts, odd_route, NULL),
	FIELD(TRUTH, NEEDED, facts, odd_local, NULL),
	FIELD(TEXT, NEEDED, facts, subject, NULL),
	FIELD(TEXT, NEEDED, facts, date, NULL),
	FIELD(WORD, NEEDED, facts, arc.result, results),
	FIELD(TEXT, NEEDED, facts, arc.sealer, NULL),
	FIELD(UNSIGNED, DETAIL, facts, arc.sets, NULL),
	FIELD(WORD, DETAIL, facts, arc.dnssec, securities),
	FIELD(TEXT, DETAIL, facts, arc.code, NULL),
	FIELD(TEXT, NEEDED, facts, arc.text, NULL),
	FIELD(WORD, DETAIL, facts, arc.integrity, integrities),
	FIELD(TEXT, DETAIL, facts, arc.integrity_text, NULL),
	FIELD(TEXT, NEEDED, facts, arc.believed, NULL),
	FIELD(TRUTH, NEEDED, facts, altered_on_the_way, NULL),
	FIELD(TRUTH, NEEDED, facts, replayed, NULL),
	FIELD(TEXT, NEEDED, facts, copied_by, NULL),
	FIELD(U64, NEEDED, facts, forged_authres, NULL),
	FIELD(TRUTH, NEEDED, facts, forged_below, NULL),
	FIELD(TEXT, NEEDED, facts, forged_server, NULL),
	FIELD(TRUTH, NEEDED, facts, not_addressed, NULL),
	FIELD(U64, NEEDED, facts, signed_before, NULL),
	FIELD(TRUTH, NEEDED, facts, reply_to_elsewhere, NULL),
	FIELD(U64, NEEDED, facts, dkim.ignored, NULL),
	END
};

static const struct fact_field dkim_fields[] = {
	FIELD(WORD, NEEDED, dkim_finding, result, results),
	FIELD(TEXT, NEEDED, dkim_finding, domain, NULL),
	FIELD(TEXT, DETAIL, dkim_finding, selector, NULL),
	FIELD(TEXT, DETAIL, dkim_finding, identity_domain, NULL),
	FIELD(TEXT, DETAIL, dkim_finding, algorithm, NULL),
	FIELD(UNSIGNED, DETAIL, dkim_finding, key_bits, NULL),
	FIELD(TRUTH, NEEDED, dkim_finding, aligned, NULL),
	FIELD(TEXT, DETAIL, dkim_finding, organizational_domain, NULL),
	FIELD(WORD, NEEDED, dkim_finding, dnssec, securities),
	FIELD(TEXT, NEEDED, dkim_finding, code, NULL),
	FIELD(TEXT, DETAIL, dkim_finding, text, NULL),
	FIELD(TRUTH, NEEDED, dkim_finding, key_unavailable, NULL),
	FIELD(I64, NEEDED, dkim_finding, key_archived, NULL),
	FIELD(TRUTH, NEEDED, dkim_finding, header_only, NULL),
	FIELD(WORD, NEEDED, dkim_finding, integrity, integrities),
	FIELD(TEXT, DETAIL, dkim_finding, integrity_text, NULL),
	FIELD(U64, NEEDED, dkim_finding, body_beyond, NULL),
	FIELD(U64, NEEDED, dkim_finding, body_signed, NULL),
	FIELD(I64, DETAIL, dkim_finding, signed_at, NULL),
	FIELD(I64, DETAIL, dkim_finding, expires, NULL),
	END
};

static const struct fact_field spf_fields[] = {
	FIELD(WORD, NEEDED, spf_finding, result, results),
	FIELD(TEXT, NEEDED, spf_finding, domain, NULL),
	FIELD(WORD, NEEDED, spf_finding, scope, scopes),
	FIELD(TEXT, DETAIL, spf_finding, client_ip, NULL),
	FIELD(TRUTH, NEEDED, spf_finding, aligned, NULL),
	FIELD(WORD, NEEDED, spf_finding, dnssec, securities),
	FIELD(TEXT, NEEDED, spf_finding, code, NULL),
	FIELD(TEXT, DETAIL, spf_finding, text, NULL),
	FIELD(TEXT, DETAIL, spf_finding, explanation, NULL),
	FIELD(UNSIGNED, DETAIL, spf_finding, lookups, NULL),
	FIELD(TEXT, DETAIL, spf_finding, record, NULL),
	FIELD(TEXT, DETAIL, spf_finding, organizational_domain, NULL),
	END
};

static const struct fact_field question_fields[] = {
	FIELD(TEXT, DETAIL, spf_step, name, NULL),
	FIELD(TEXT, DETAIL, spf_step, type, NULL),
	FIELD(TEXT, DETAIL, spf_step, found, NULL),
	FIELD(WORD, DETAIL, spf_step, dnssec, securities),
	END
};

static const struct fact_field dmarc_fields[] = {
	FIELD(WORD, NEEDED, dmarc_finding, result, results),
	FIELD(WORD, NEEDED, dmarc_finding, policy, policies),
	FIELD(WORD, NEEDED, dmarc_finding, published, policies),
	FIELD(TEXT, NEEDED, dmarc_finding, domain, NULL),
	FIELD(TEXT, NEEDED, dmarc_finding, organizational_domain, NULL),
	FIELD(TEXT, DETAIL, dmarc_finding, psl_domain, NULL),
	FIELD(WORD, DETAIL, dmarc_finding, psl_result, results),
	FIELD(WORD, DETAIL, dmarc_finding, psl_policy, policies),
	FIELD(WORD, NEEDED, dmarc_finding, proof, proofs),
	FIELD(WORD, NEEDED, dmarc_finding, dnssec, securities),
	FIELD(TEXT, NEEDED, dmarc_finding, code, NULL),
	FIELD(TEXT, DETAIL, dmarc_finding, text, NULL),
	FIELD(TRUTH, NEEDED, dmarc_finding, strict_dkim, NULL),
	FIELD(TRUTH, NEEDED, dmarc_finding, strict_spf, NULL),
	FIELD(TRUTH, NEEDED, dmarc_finding, nonexistent, NULL),
	FIELD(TEXT, DETAIL, dmarc_finding, record, NULL),
	END
};

static const struct fact_field step_fields[] = {
	FIELD(TEXT, DETAIL, dmarc_step, name, NULL),
	FIELD(TEXT, DETAIL, dmarc_step, found, NULL),
	FIELD(WORD, DETAIL, dmarc_step, dnssec, securities),
	END
};

static const struct fact_field uri_fields[] = {
	FIELD(TEXT, DETAIL, dmarc_report_uri, uri, NULL),
	FIELD(TEXT, DETAIL, dmarc_report_uri, host, NULL),
	FIELD(U64, DETAIL, dmarc_report_uri, limit, NULL),
	FIELD(TRUTH, DETAIL, dmarc_report_uri, external, NULL),
	FIELD(WORD, DETAIL, dmarc_report_uri, consent, consents),
	FIELD(TEXT, DETAIL, dmarc_report_uri, instead, NULL),
	END
};

/* A finding of another size has a field that no table knows.  Not kept: keys
 * and the sums of signatures (keep.c has them). */
#define SIZE_IS(size, bytes) \
	_Static_assert(sizeof(void *) != 8 || (size) == (bytes), \
		       "tell facts_fields.c what was added")
SIZE_IS(sizeof(struct facts) - FOREIGN_MAX * sizeof(struct foreign) -
	sizeof(struct dkim_findings) - sizeof(struct spf_finding) -
	sizeof(struct dmarc_finding), 240);
SIZE_IS(sizeof(struct dkim_finding), 168);
SIZE_IS(sizeof(struct spf_finding), 864);
SIZE_IS(sizeof(struct spf_step), 32);
SIZE_IS(sizeof(struct dmarc_finding), 1104);
SIZE_IS(sizeof(struct dmarc_step), 24);
SIZE_IS(sizeof(struct dmarc_report_uri), 40);

const struct fact_section fact_top = { "facts", top_fields };
const struct fact_section fact_dkim = { "dkim", dkim_fields };
const struct fact_section fact_spf = { "spf", spf_fields };
const struct fact_section fact_question = { "question", question_fields };
const struct fact_section fact_dmarc = { "dmarc", dmarc_fields };
const struct fact_section fact_step = { "step", step_fields };
const struct fact_section fact_uri = { "uri", uri_fields };
