/* cold.c - how long a check takes when nothing is cached
 *
 *   cold [--smoke]
 *
 * Every DNS answer comes 30 ms late.  Two signatures, SPF with mx and two
 * includes, DMARC one level up: at best three rounds of questions, 90 ms;
 * one question after the other would be nine or more.  One check, and fifty
 * together, each of a domain of its own.  Goal of design 15: at most 1.15
 * times the longest chain.  --smoke: 1 ms and three of them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/auth/dkim.h"
#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/flow/check.h"
#include "agent/mail/author.h"
#include "agent/mail/domain.h"
#include "agent/mail/name.h"
#include "tests/bench/bench.h"
#include "tests/lab/dkim_signer.h"
#include "tests/lab/script_resolver.h"

#define TOGETHER	50
#define CHAIN		3	/* rounds at best */
#define ROUNDS		5
#define NOW		1772445600

struct job {
	struct script_resolver *script;
	const struct world *world;
	char *text;
	double ms;
	pthread_t thread;
};

static void name_print(char *to, size_t size, const char *front, unsigned nth)
{
	(void)snprintf(to, size, "%sd%u.example", front, nth);
}

static void late(struct script_resolver *script, const char *front,
		 unsigned nth, unsigned ms)
{
	char name[128];

	name_print(name, sizeof(name), front, nth);
	script_delay(script, name, ms);
}

static void txt(struct script_resolver *script, const char *front,
		unsigned nth, unsigned ms, const char *text)
{
	char name[128];

	name_print(name, sizeof(name), front, nth);
	script_txt(script, name, text);
	script_delay(script, name, ms);
}

static void zone_write(struct script_resolver *script, unsigned nth,
		       unsigned ms, const char *record)
{
	char spf[256], host[128], name[128];

	txt(script, "one._domainkey.", nth, ms, record);
	txt(script, "two._domainkey.", nth, ms, record);
	txt(script, "_dmarc.", nth, ms, "v=DMARC1; p=reject");
	late(script, "_dmarc.mail.", nth, ms);
	(void)snprintf(spf, sizeof(spf), "v=spf1 mx include:a.d%u.example "
		       "include:b.d%u.example -all", nth, nth);
	txt(script, "mail.", nth, ms, spf);
	txt(script, "a.", nth, ms, "v=spf1 ip4:198.51.100.0/24 -all");
	txt(script, "b.", nth, ms, "v=spf1 ip4:192.0.2.0/24 -all");
	name_print(name, sizeof(name), "mail.", nth);
	name_print(host, sizeof(host), "mx.", nth);
	script_mx(script, name, 10, host);
	script_a(script, host, "203.0.113.5");
	script_delay(script, host, ms);
}

static char *letter_write(const struct dkim_lab_key *key, unsigned nth)
{
	static const char *const selectors[] = { "one", "two" };
	struct dkim_sign_options how;
	char domain[64], *text, *out;
	int i;

	bench_must(asprintf(&text, "From: A <a@mail.d%u.example>\r\n"
			    "To: me@user.example\r\nSubject: x\r\n"
			    "Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nx\r\n",
			    nth) > 0, "no memory");
	memset(&how, 0, sizeof(how));
	name_print(domain, sizeof(domain), "", nth);
	how.key = key;
	how.domain = domain;
	for (i = 0; i < 2; i++) {
		how.selector = selectors[i];
		out = dkim_sign(text, &how);
		free(text);
		text = out;
	}
	bench_must(asprintf(&out, "Return-Path: <a@mail.d%u.example>\r\n"
			    "Received: from x (x [192.0.2.9]) by "
			    "mx.user.example; Mon, 2 Mar 2026 10:00:00 +0000"
			    "\r\n%s", nth, text) > 0, "no memory");
	free(text);
	return out;
}

static void *job_run(void *ctx)
{
	static const struct check_options options;
	struct job *job = ctx;
	struct memfile file = { bytes_of(job->text), strlen(job->text), false,
				-1 };
	struct arena *arena = arena_new(CHECK_ARENA_MAX);
	int64_t start = clock_now_ms();
	struct dns_request *request;
	struct value *report = NULL;

	request = dns_request_new(script_resolver_door(job->script),
				  start + CHECK_DEADLINE_MS);
	bench_must(check_message(arena, &file, &options, job->world, request,
				 &report) == 0 &&
		   strcmp(value_text(report, "verdict"), "authenticated") ==
		   0, "not authenticated");
	job->ms = (double)(clock_now_ms() - start);
	dns_request_free(request);
	arena_free(arena);
	return NULL;
}

/* The longest of them. */
static double together(struct job *jobs, unsigned count)
{
	double most = 0;
	unsigned i;

	for (i = 0; i < count; i++)
		bench_must(pthread_create(&jobs[i].thread, NULL, job_run,
					  &jobs[i]) == 0, "no thread");
	for (i = 0; i < count; i++) {
		(void)pthread_join(jobs[i].thread, NULL);
		most = jobs[i].ms > most ? jobs[i].ms : most;
	}
	return most;
}

static void measure(struct job *jobs, unsigned count, unsigned rounds,
		    unsigned ms)
{
	double least = 0, took, sum = 0;
	unsigned i;

	for (i = 0; i < rounds; i++) {
		took = together(jobs, count);
		least = i == 0 || took < least ? took : least;
		sum += took;
	}
	printf("%3u together: %.0f ms at best, %.1f in the mean; %.2f and %.2f "
	       "times the chain of %d\n", count, least, sum / rounds,
	       least / (CHAIN * ms), sum / rounds / (CHAIN * ms), CHAIN);
}

int main(int argc, char **argv)
{
	static const char *const border = "mx.user.example";
	static struct job jobs[TOGETHER];
	bool smoke = argc > 1 && strcmp(argv[1], "--smoke") == 0;
	unsigned ms = smoke ? 1 : 30, count = smoke ? 3 : TOGETHER, i;
	struct dkim_lab_key *key = dkim_lab_key_new(DKIM_LAB_ED25519, 0);
	char *record = dkim_lab_key_record(key);
	struct world world;

	author_prepare();
	domain_prepare();
	name_prepare();
	dkim_prepare();
	memset(&world, 0, sizeof(world));
	world.now = NOW;
	world.policy.require_policy = true;
	world.relays.names = &border;
	world.relays.count = 1;
	for (i = 0; i < count; i++) {
		jobs[i].script = script_resolver_new();
		zone_write(jobs[i].script, i, ms, record);
		jobs[i].world = &world;
		jobs[i].text = letter_write(key, i);
	}
	measure(jobs, 1, smoke ? 1 : ROUNDS, ms);
	printf("questions of one: %zu\n", script_asked(jobs[0].script) /
	       (smoke ? 1 : ROUNDS));
	measure(jobs, count, smoke ? 1 : ROUNDS, ms);
	for (i = 0; i < count; i++) {
		script_resolver_free(jobs[i].script);
		free(jobs[i].text);
	}
	free(record);
	dkim_lab_key_free(key);
	return EXIT_SUCCESS;
}
