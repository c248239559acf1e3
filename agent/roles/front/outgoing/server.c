/* server.c - Outgoing1.CheckServer: to the sender and back */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/clock.h"
#include "agent/base/log.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/flow/server.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"

#define CALL_ARENA	(128 * 1024)
#define LATE_MS		4000	/* the sender's own deadline, and this */

static const struct service_option server_options[] = {
	{ "starttls", VALUE_TEXT }, { "need", VALUE_TEXT },
	{ "what", VALUE_TEXT }, { NULL, VALUE_TEXT }
};

/* Where distributions keep the CA certificates as one file. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
};

/* As OpenSSL's programs do: SSL_CERT_FILE names another one. */
const char *server_bundle(void)
{
	const char *named = getenv("SSL_CERT_FILE");
	size_t i;

	if (named != NULL && named[0] != 0)
		return named;
	for (i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++)
		if (access(bundles[i], F_OK) == 0)
			return bundles[i];
	return NULL;
}

int server_bundle_open(void)
{
	const char *path = server_bundle();
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC |
					  O_NOCTTY | O_NONBLOCK);
	struct stat about;

	if (fd < 0 || (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)))
		return fd;
	(void)close(fd);
	return -1;
}

void server_greeted(struct front *front)
{
	struct frame frame = { FRAME_ROOTS, 0, { NULL, 0 }, { 0 }, 1 };
	const char *path = server_bundle();

	frame.fds[0] = server_bundle_open();
	if (frame.fds[0] < 0) {
		log_line(LOG_LEVEL_WARNING, "there is no file of CA "
			 "certificates%s%s; servers without DANE cannot be "
			 "verified", path == NULL ? "" : " that can be read: ",
			 path == NULL ? "" : path);
		return;
	}
	(void)child_tell(front, CHILD_SENDER, &frame);
	(void)close(frame.fds[0]);
}

static void server_done(struct front *front, struct errand *errand,
			const struct value *report, struct frame *frame)
{
	(void)front;
	(void)frame;
	if (errand->call != NULL)
		service_answer(errand->call, report);
}

static const struct errand_kind server_kind = {
	"checked this server", server_done, NULL
};

static void options_take(const struct service_args *args,
			 struct server_options *out)
{
	out->host = service_args_text(args, 0);
	out->port = (uint16_t)service_args_value(args, 1)->number;
	out->starttls = value_text(args->options, "starttls");
	out->need = value_text(args->options, "need");
	out->what = value_text(args->options, "what");
}

static void on_check_server(void *ctx, struct service_call *call,
			    struct service_args *args)
{
	struct front *front = ctx;
	struct arena *arena = arena_new(CALL_ARENA);
	struct errand errand = {
		.kind = &server_kind, .role = CHILD_SENDER,
		.deadline = clock_now_ms() + SERVER_CHECK_MS + LATE_MS,
		.call = call, .message = -1
	};
	struct server_options options;
	const char *problem;
	struct value *payload;

	options_take(args, &options);
	problem = server_options_problem(&options);
	if (arena == NULL || problem != NULL) {
		service_fail(call, "Failed", problem == NULL ?
			     "out of memory" : problem);
		arena_free(arena);
		return;
	}
	payload = value_dict(arena);
	value_put_number(arena, payload, "caller", service_caller(call));
	value_put_text(arena, payload, "host", options.host);
	value_put_number(arena, payload, "port", options.port);
	value_put_text(arena, payload, "starttls", options.starttls);
	value_put_text(arena, payload, "need", options.need);
	value_put_text(arena, payload, "what", options.what);
	(void)errand_start(front, &errand, FRAME_SERVER, payload, NULL, 0);
	arena_free(arena);
}

const struct service_method front_server_methods[] = {
	{ "org.mailseal.Outgoing1", "CheckServer", server_options,
	  on_check_server },
	{ NULL, NULL, NULL, NULL }
};
