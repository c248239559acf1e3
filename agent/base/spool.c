/* spool.c - first a memfd, then sealed chunks in a file */
#include "agent/base/spool.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/spool_inside.h"

#define NO_CHUNK	UINT64_MAX

static void cipher_free(const struct spool_cipher *cipher)
{
	if (cipher != NULL && cipher->free != NULL)
		cipher->free(cipher->ctx);
}

int spool_memory_new(void)
{
	return memfd_create("mailseal-spool", MFD_CLOEXEC |
			    MFD_ALLOW_SEALING);
}

struct spool *spool_new(int file, const struct spool_cipher *cipher)
{
	struct spool *spool = malloc(sizeof(*spool));

	if (spool == NULL) {
		descriptor_close(&file);
		cipher_free(cipher);
		return NULL;
	}
	memset(spool, 0, offsetof(struct spool, chunk));
	spool->file = file;
	spool->pipe = -1;
	spool->opened = NO_CHUNK;
	if (cipher != NULL) {
		spool->cipher = *cipher;
		spool->sealed = true;
	}
	spool->memory = spool_memory_new();
	if (spool->memory < 0) {
		spool_free(spool);
		return NULL;
	}
	return spool;
}

void spool_free(struct spool *spool)
{
	size_t used = sizeof(*spool);

	if (spool == NULL)
		return;
	descriptor_close(&spool->memory);
	descriptor_close(&spool->file);
	descriptor_close(&spool->pipe);
	if (spool->sealed)
		cipher_free(&spool->cipher);
	if (!spool->moved)
		used = offsetof(struct spool, chunk) +
		       (spool->size < SPOOL_CHUNK ? spool->size : SPOOL_CHUNK);
	explicit_bzero(spool, used);
	free(spool);
}

static int read_all(int fd, unsigned char *to, size_t len, uint64_t offset)
{
	return descriptor_read(fd, to, len, offset) == (ssize_t)len ? 0 :
								      ERR_IO;
}

static int chunk_to_file(struct spool *spool, uint64_t nth,
			 struct bytes chunk)
{
	struct bytes record = { spool->record, chunk.len + SPOOL_TAG };
	int r;

	if (!spool->sealed)
		return descriptor_write(spool->file, chunk);
	r = spool->cipher.seal(spool->cipher.ctx, nth, chunk, spool->record,
			       spool->record + chunk.len);
	return r < 0 ? r : descriptor_write(spool->file, record);
}

/* The memory is full: what lies there goes into the file. */
static int move_to_file(struct spool *spool, uint64_t size)
{
	struct bytes chunk = { spool->read, SPOOL_CHUNK };
	uint64_t nth;
	int r;

	if (spool->file < 0)
		return ERR_LIMIT;
	spool->opened = NO_CHUNK;
	spool->moved = true;
	for (nth = 0; nth < size / SPOOL_CHUNK; nth++) {
		r = read_all(spool->memory, spool->read, SPOOL_CHUNK,
			     nth * SPOOL_CHUNK);
		if (r == 0)
			r = chunk_to_file(spool, nth, chunk);
		if (r < 0)
			return r;
	}
	descriptor_close(&spool->memory);
	return 0;
}

/* Behind `before` octets: a whole chunk, or the last. */
static int chunk_put(struct spool *spool, struct bytes chunk, uint64_t before)
{
	int r = 0;

	if (spool->memory >= 0 && before + chunk.len > SPOOL_MEMORY)
		r = move_to_file(spool, before);
	if (r == 0 && spool->memory >= 0)
		return descriptor_write(spool->memory, chunk);
	return r < 0 ? r : chunk_to_file(spool, before / SPOOL_CHUNK, chunk);
}

int spool_flush(struct spool *spool)
{
	struct bytes chunk = { spool->chunk, spool->filled };
	int r = 0;

	if (chunk.len > 0)
		r = chunk_put(spool, chunk, spool->size - spool->filled);
	if (r == 0)
		spool->filled = 0;
	return r;
}

/* A part of a chunk, behind what there is of it. */
static void chunk_fill(struct spool *spool, struct bytes part)
{
	memcpy(spool->chunk + spool->filled, part.data, part.len);
	spool->filled += part.len;
	spool->size += part.len;
	if (spool->filled == SPOOL_CHUNK)
		spool->failed = spool_flush(spool);
}

int spool_write(struct spool *spool, struct bytes bytes)
{
	struct bytes part;

	if (spool->ended)
		return ERR_IO;
	while (bytes.len > 0 && spool->failed == 0) {
		part = bytes_slice(bytes, 0, SPOOL_CHUNK - spool->filled);
		bytes = bytes_slice(bytes, part.len, bytes.len);
		if (part.len < SPOOL_CHUNK) {
			chunk_fill(spool, part);
			continue;
		}
		spool->failed = chunk_put(spool, part, spool->size);
		spool->size += part.len;
	}
	return spool->failed;
}

uint64_t spool_size(const struct spool *spool)
{
	return spool->size;
}

/* Makes spool->read the chunk `nth` of the file. */
static int chunk_open(struct spool *spool, uint64_t nth, size_t len)
{
	struct bytes sealed = { spool->record, len };
	int r;

	if (spool->opened == nth)
		return 0;
	spool->opened = NO_CHUNK;
	if (!spool->sealed) {
		r = read_all(spool->file, spool->read, len,
			     nth * SPOOL_CHUNK);
	} else {
		r = read_all(spool->file, spool->record, len + SPOOL_TAG,
			     nth * SPOOL_RECORD);
		if (r == 0)
			r = spool->cipher.open(spool->cipher.ctx, nth, sealed,
					       spool->record + len,
					       spool->read);
	}
	if (r == 0)
		spool->opened = nth;
	return r;
}

/* Up to the end of the chunk, and never more than there is. */
static long read_some(struct spool *spool, uint64_t offset,
		      unsigned char *room, size_t size)
{
	uint64_t written = spool->size - spool->filled;
	uint64_t nth = offset / SPOOL_CHUNK;
	size_t at = (size_t)(offset % SPOOL_CHUNK), len;
	int r = 0;

	if (offset >= written) {
		at = (size_t)(offset - written);
		len = spool->filled - at;
		len = len < size ? len : size;
		memcpy(room, spool->chunk + at, len);
		return (long)len;
	}
	len = SPOOL_CHUNK;
	if (written - nth * SPOOL_CHUNK < len)
		len = (size_t)(written - nth * SPOOL_CHUNK);
	size = size < len - at ? size : len - at;
	if (spool->memory >= 0) {
		r = read_all(spool->memory, room, size, offset);
	} else {
		r = chunk_open(spool, nth, len);
		if (r == 0)
			memcpy(room, spool->read + at, size);
	}
	return r < 0 ? r : (long)size;
}

long spool_read(struct spool *spool, uint64_t offset, unsigned char *room,
		size_t size)
{
	size_t have = 0;
	long got;

	if (spool->failed < 0)
		return spool->failed;
	while (have < size && offset < spool->size) {
		got = read_some(spool, offset, room + have, size - have);
		if (got < 0)
			return got;
		have += (size_t)got;
		offset += (uint64_t)got;
	}
	return (long)have;
}
