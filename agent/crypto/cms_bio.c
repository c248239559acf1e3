/* cms_bio.c - two kinds of BIO */
#include "agent/crypto/cms_bio.h"

#include <limits.h>
#include <openssl/bio.h>
#include <pthread.h>

#include "agent/base/err.h"
#include "agent/base/stream.h"

static BIO_METHOD *input_method, *output_method;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int input_read(BIO *bio, char *to, int size)
{
	struct cms_input *input = BIO_get_data(bio);
	unsigned char *room = (unsigned char *)to;
	int got;

	BIO_clear_retry_flags(bio);
	if (size <= 0 || input->failed < 0)
		return size <= 0 ? 0 : -1;
	got = input->read(input->ctx, room, (size_t)size);
	if (got < 0) {
		input->failed = got;
		return -1;
	}
	return got;
}

static int output_write(BIO *bio, const char *from, int size)
{
	struct cms_output *output = BIO_get_data(bio);
	struct bytes piece = { (const unsigned char *)from, 0 };

	BIO_clear_retry_flags(bio);
	if (size <= 0)
		return 0;
	piece.len = (size_t)size;
	if (output->failed == 0)
		output->failed = output->to->write(output->to->ctx, piece);
	return output->failed < 0 ? -1 : size;
}

static long control(BIO *bio, int what, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return what == BIO_CTRL_FLUSH;
}

static int create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

static void methods_make(void)
{
	int type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK;

	input_method = BIO_meth_new(type, "mailseal source");
	output_method = BIO_meth_new(type, "mailseal sink");
	if (input_method != NULL) {
		(void)BIO_meth_set_read(input_method, input_read);
		(void)BIO_meth_set_ctrl(input_method, control);
		(void)BIO_meth_set_create(input_method, create);
	}
	if (output_method != NULL) {
		(void)BIO_meth_set_write(output_method, output_write);
		(void)BIO_meth_set_ctrl(output_method, control);
		(void)BIO_meth_set_create(output_method, create);
	}
}

static BIO *bio_new(BIO_METHOD **method, void *data)
{
	BIO *bio;

	(void)pthread_once(&once, methods_make);
	bio = *method == NULL ? NULL : BIO_new(*method);
	if (bio != NULL)
		BIO_set_data(bio, data);
	return bio;
}

BIO *cms_bio_input(struct cms_input *input)
{
	return bio_new(&input_method, input);
}

BIO *cms_bio_output(struct cms_output *output)
{
	return bio_new(&output_method, output);
}

int cms_bio_write(BIO *bio, struct bytes piece)
{
	while (piece.len > 0) {
		int len = piece.len > INT_MAX ? INT_MAX : (int)piece.len;

		len = BIO_write(bio, piece.data, len);
		if (len <= 0)
			return ERR_MEMORY;
		piece = bytes_slice(piece, (size_t)len, piece.len);
	}
	return 0;
}
