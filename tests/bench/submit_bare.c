/* submit_bare.c - the least that a mail costs: no agent, no DANE, no queue
 *
 *	bench_submit_bare PORT tls|starttls USER PASSWORD SENDER RECIPIENT \
 *		FILE COUNT
 *
 * The server of 127.0.0.1 is believed unseen.  One connection a mail: TCP,
 * TLS, EHLO, AUTH PLAIN, MAIL, RCPT and DATA in one go, the message, QUIT.
 * FILE's lines end in CRLF, and none begins with a dot.  Prints milliseconds
 * of a mail: median, worst, mean. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX	100000
#define TEXT_MAX	4096
#define MAIL_MAX	(1024 * 1024)

struct bare {
	SSL_CTX *context;
	unsigned short port;
	bool starttls;
	char login[TEXT_MAX], envelope[TEXT_MAX];
	char *mail;		/* with the dot that ends it */
	int mail_len;
	/* Of the mail in hand: */
	int fd;
	SSL *ssl;		/* NULL: in the clear still */
	char in[65536];
	int have;
};

static void end(const char *why)
{
	(void)fprintf(stderr, "bench_submit_bare: %s\n", why);
	exit(EXIT_FAILURE);
}

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void say(struct bare *bare, const char *text, int len)
{
	long sent = bare->ssl == NULL ?
		    send(bare->fd, text, (size_t)len, MSG_NOSIGNAL) :
		    SSL_write(bare->ssl, text, len);

	if (sent != len)
		end("the connection was cut");
}

static void hear_more(struct bare *bare)
{
	int room = (int)sizeof(bare->in) - 1 - bare->have, one = 1;
	long got;

	(void)setsockopt(bare->fd, IPPROTO_TCP, TCP_QUICKACK, &one,
			 sizeof(one));
	got = bare->ssl == NULL ?
	      recv(bare->fd, bare->in + bare->have, (size_t)room, 0) :
	      SSL_read(bare->ssl, bare->in + bare->have, room);
	if (got <= 0)
		end("the connection was cut");
	bare->have += (int)got;
	bare->in[bare->have] = 0;
}

/* One answer to its last line, which begins with `code`. */
static void hear(struct bare *bare, const char *code)
{
	char *line, *next;
	bool last = false;

	while (!last) {
		while ((next = strchr(bare->in, '\n')) == NULL)
			hear_more(bare);
		line = bare->in;
		if (strncmp(line, code, 3) != 0)
			end(line);
		last = line[3] != '-';
		bare->have -= (int)(next + 1 - line);
		memmove(line, next + 1, (size_t)bare->have + 1);
	}
}

static void command(struct bare *bare, const char *text, const char *code)
{
	say(bare, text, (int)strlen(text));
	hear(bare, code);
}

static void connect_up(struct bare *bare)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(bare->port) };
	int one = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bare->have = 0;
	bare->in[0] = 0;
	bare->ssl = NULL;
	bare->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bare->fd < 0 ||
	    connect(bare->fd, (struct sockaddr *)(void *)&to,
		    sizeof(to)) < 0 ||
	    setsockopt(bare->fd, IPPROTO_TCP, TCP_NODELAY, &one,
		       sizeof(one)) < 0)
		end("the server cannot be reached");
}

static void tls_up(struct bare *bare)
{
	SSL *ssl;

	if (bare->starttls) {
		hear(bare, "220");
		command(bare, "EHLO [127.0.0.1]\r\n", "250");
		command(bare, "STARTTLS\r\n", "220");
	}
	ssl = SSL_new(bare->context);
	if (ssl == NULL || SSL_set_fd(ssl, bare->fd) != 1 ||
	    SSL_connect(ssl) != 1)
		end("TLS fails");
	bare->ssl = ssl;
	if (!bare->starttls)
		hear(bare, "220");
}

static void mail(struct bare *bare)
{
	connect_up(bare);
	tls_up(bare);
	command(bare, "EHLO [127.0.0.1]\r\n", "250");
	command(bare, bare->login, "235");
	command(bare, bare->envelope, "250");
	hear(bare, "250");
	hear(bare, "354");
	say(bare, bare->mail, bare->mail_len);
	hear(bare, "250");
	say(bare, "QUIT\r\n", 6);
	(void)SSL_shutdown(bare->ssl);
	SSL_free(bare->ssl);
	(void)close(bare->fd);
}

static void login_make(struct bare *bare, const char *user,
		       const char *password)
{
	unsigned char plain[512], code[1024];
	int len = snprintf((char *)plain, sizeof(plain), "%c%s%c%s", 0, user,
			   0, password);

	if (len < 0 || (size_t)len >= sizeof(plain))
		end("user and password are too long");
	(void)EVP_EncodeBlock(code, plain, len);
	(void)snprintf(bare->login, sizeof(bare->login),
		       "AUTH PLAIN %s\r\n", code);
}

static void mail_read(struct bare *bare, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	bare->mail = malloc(MAIL_MAX + 8);
	if (file == NULL || bare->mail == NULL)
		end("the mail cannot be read");
	got = fread(bare->mail, 1, MAIL_MAX, file);
	(void)fclose(file);
	memcpy(bare->mail + got, ".\r\n", 3);
	bare->mail_len = (int)got + 3;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	static struct bare bare;
	double *took, start, all;
	long count, i;

	count = argc == 9 ? strtol(argv[8], NULL, 10) : 0;
	if (count < 1 || count > COUNT_MAX)
		end("usage: PORT tls|starttls USER PASSWORD SENDER RECIPIENT "
		    "FILE COUNT");
	bare.port = (unsigned short)strtoul(argv[1], NULL, 10);
	bare.starttls = strcmp(argv[2], "starttls") == 0;
	login_make(&bare, argv[3], argv[4]);
	(void)snprintf(bare.envelope, sizeof(bare.envelope),
		       "MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n", argv[5],
		       argv[6]);
	mail_read(&bare, argv[7]);
	bare.context = SSL_CTX_new(TLS_client_method());
	took = calloc((size_t)count, sizeof(*took));
	if (bare.context == NULL || took == NULL)
		end("out of memory");
	all = now_ms();
	for (i = 0; i < count; i++) {
		start = now_ms();
		mail(&bare);
		took[i] = now_ms() - start;
	}
	all = now_ms() - all;
	qsort(took, (size_t)count, sizeof(*took), compare);
	(void)printf("%.1f %.1f %.1f\n", took[count / 2], took[count - 1],
		     all / (double)count);
	free(took);
	free(bare.mail);
	SSL_CTX_free(bare.context);
	return EXIT_SUCCESS;
}
