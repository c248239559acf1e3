/* test_sasl_scram.c - SCRAM-SHA-256: the RFC's example, and liars */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "agent/base/err.h"
#include "agent/smtp/ehlo.h"
#include "agent/smtp/sasl.h"
#include "agent/smtp/secret.h"
#include "agent/smtp/wire.h"

#define NONCE	"rOprNGfwEbeRWgbNEkqO"
#define WHOLE	NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define FIRST	"r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

struct scene {
	struct sasl sasl;
	struct sasl_login login;
	struct buf secret, out;
};

static void scene_open(struct scene *scene, const char *offered,
		       const struct wire_binding *binding)
{
	struct ehlo ehlo;
	char text[200];

	memset(scene, 0, sizeof(*scene));
	assert_int_equal(secret_init(&scene->secret, SECRET_MAX), 0);
	assert_int_equal(secret_init(&scene->out, SECRET_MAX), 0);
	buf_text(&scene->secret, "pencil");
	scene->login.user = "user";
	scene->login.secret = &scene->secret;
	scene->login.binding = binding;
	(void)snprintf(text, sizeof(text), "h\nAUTH %s", offered);
	ehlo_parse(bytes_of(text), &ehlo);
	assert_int_equal(sasl_init(&scene->sasl, &scene->login, &ehlo), 0);
	assert_int_equal(scene->sasl.mechanism->start(&scene->sasl,
						      &scene->out), 0);
}

/* In the place of the random nonce, that of RFC 7677 section 3. */
static void scene_nonce(struct scene *scene)
{
	(void)snprintf(scene->sasl.nonce, sizeof(scene->sasl.nonce), NONCE);
	buf_clear(&scene->sasl.first);
	buf_text(&scene->sasl.first, "n=user,r=" NONCE);
}

static int scene_step(struct scene *scene, const char *challenge)
{
	buf_clear(&scene->out);
	scene->sasl.steps++;
	return scene->sasl.mechanism->step(&scene->sasl, bytes_of(challenge),
					   &scene->out);
}

static void scene_close(struct scene *scene)
{
	sasl_free(&scene->sasl);
	secret_free(&scene->secret);
	secret_free(&scene->out);
}

static void test_rfc7677(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "SCRAM-SHA-256", NULL);
	assert_true(bytes_starts(buf_bytes(&scene.out), "n,,n=user,r="));
	assert_true(scene.out.len > 30);
	scene_nonce(&scene);
	assert_int_equal(scene_step(&scene, FIRST), 0);
	assert_string_equal(buf_string(&scene.out), "c=biws,r=" WHOLE
			    ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
	assert_false(scene.sasl.proven);
	assert_int_equal(scene_step(&scene, "v=6rriTRBi23WpRR/wtup+mMhUZUn/"
				    "dB5nLTJRsjl95G4="), 0);
	assert_true(scene.sasl.proven);
	assert_int_equal(scene.out.len, 0);
	assert_int_equal(scene_step(&scene, "again"), ERR_SYNTAX);
	scene_close(&scene);
}

/* RFC 5802 section 7: which header says what about channel binding. */
static void test_binding(void **state)
{
	struct wire_binding binding = { "tls-exporter", "0123456789", 10 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", &binding);
	assert_string_equal(scene.sasl.mechanism->name, "SCRAM-SHA-256-PLUS");
	assert_true(bytes_starts(buf_bytes(&scene.out),
				 "p=tls-exporter,,n=user,"));
	scene_nonce(&scene);
	assert_int_equal(scene_step(&scene, FIRST), 0);
	/* "p=tls-exporter,,0123456789" */
	assert_true(bytes_starts(buf_bytes(&scene.out),
		"c=cD10bHMtZXhwb3J0ZXIsLDAxMjM0NTY3ODk=,r=" WHOLE ",p="));
	scene_close(&scene);

	scene_open(&scene, "SCRAM-SHA-256", &binding);
	assert_true(bytes_starts(buf_bytes(&scene.out), "y,,n=user,"));
	scene_close(&scene);
	scene_open(&scene, "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", NULL);
	assert_string_equal(scene.sasl.mechanism->name, "SCRAM-SHA-256");
	assert_true(bytes_starts(buf_bytes(&scene.out), "n,,n=user,"));
	scene_close(&scene);
}

static void test_liars(void **state)
{
	static const struct { const char *challenge; int r; } cases[] = {
		{ "", ERR_SYNTAX }, { "e=other-error", ERR_SYNTAX },
		{ "m=x," FIRST, ERR_SYNTAX },
		{ "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", ERR_SYNTAX },
		{ "r=" NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
		  ERR_SYNTAX },
		{ "r=" WHOLE ",s=,i=4096", ERR_SYNTAX },
		{ "r=" WHOLE ",s=W22Z!,i=4096", ERR_SYNTAX },
		{ "s=W22ZaJ0SNY7soEsUEjb6gQ==,r=" WHOLE ",i=4096",
		  ERR_SYNTAX },
		{ "r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", ERR_REFUSED },
		{ "r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1", ERR_REFUSED },
		{ "r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999",
		  ERR_REFUSED },
		{ "r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==", ERR_SYNTAX },
	};
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene, "SCRAM-SHA-256", NULL);
		scene_nonce(&scene);
		assert_int_equal(scene_step(&scene, cases[i].challenge),
				 cases[i].r);
		assert_true(scene.sasl.why[0] != 0);
		assert_false(scene.sasl.proven);
		scene_close(&scene);
	}
}

static void test_server_proof(void **state)
{
	static const char *const cases[] = {
		"v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v=",
		"v=6rri", "e=invalid-proof", "", "x",
	};
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_open(&scene, "SCRAM-SHA-256", NULL);
		scene_nonce(&scene);
		assert_int_equal(scene_step(&scene, FIRST), 0);
		assert_int_equal(scene_step(&scene, cases[i]), ERR_REFUSED);
		assert_false(scene.sasl.proven);
		scene_close(&scene);
	}
}

static void test_names(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "SCRAM-SHA-256", NULL);
	scene.login.user = "a=b,c";
	buf_clear(&scene.out);
	buf_clear(&scene.sasl.first);
	assert_int_equal(sasl_scram.start(&scene.sasl, &scene.out), 0);
	assert_true(bytes_starts(buf_bytes(&scene.out), "n,,n=a=3Db=2Cc,r="));
	scene.login.user = "a\1b";
	assert_int_equal(sasl_scram.start(&scene.sasl, &scene.out),
			 ERR_SYNTAX);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc7677), cmocka_unit_test(test_binding),
		cmocka_unit_test(test_liars),
		cmocka_unit_test(test_server_proof),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
