/* entity.c - MIME parts of Claws Mail as bytes, and back */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <claws-features.h>
#include <procmime.h>
#include <utils.h>
#include <glib/gstdio.h>

#include "plugins/claws/entity.h"

/* Every end of a line as CRLF. */
static GBytes *with_crlf(const char *text, gsize length)
{
	GByteArray *lines = g_byte_array_sized_new((guint)(length + 1024));
	const char *at = text, *end = text + length, *feed;

	while (at < end) {
		gsize line;

		feed = memchr(at, '\n', (gsize)(end - at));
		line = (gsize)((feed != NULL ? feed : end) - at);
		if (feed != NULL && line > 0 && at[line - 1] == '\r')
			line--;
		g_byte_array_append(lines, (const guint8 *)at, (guint)line);
		if (feed == NULL)
			break;
		g_byte_array_append(lines, (const guint8 *)"\r\n", 2);
		at = feed + 1;
	}
	return g_byte_array_free_to_bytes(lines);
}

GBytes *entity_write(MimeInfo *part)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	GBytes *bytes = NULL;
	int failed;

	if (file == NULL)
		return NULL;
	failed = procmime_write_mime_header(part, file) < 0 ||
		 procmime_write_mimeinfo(part, file) < 0;
	if (fclose(file) == 0 && !failed && length <= ENTITY_MAX)
		bytes = with_crlf(text, length);
	free(text);
	return bytes;
}

/* A piece of a file. */
static gchar *file_piece(const MimeInfo *part, gsize *length)
{
	gchar *whole = NULL, *piece;
	gsize size = 0, start = (gsize)part->offset;

	if (part->content != MIMECONTENT_FILE ||
	    part->length > ENTITY_MAX ||
	    !g_file_get_contents(part->data.filename, &whole, &size, NULL))
		return NULL;
	if (start > size || part->length > size - start) {
		g_free(whole);
		return NULL;
	}
	*length = (gsize)part->length;
	piece = g_malloc(*length + 1);
	memcpy(piece, whole + start, *length);
	piece[*length] = '\0';
	g_free(whole);
	return piece;
}

GBytes *entity_object(MimeInfo *part)
{
	gchar *piece;
	gsize length = 0;

	if (!procmime_decode_content(part))
		return NULL;
	if (part->content == MIMECONTENT_MEM)
		return g_bytes_new(part->data.mem, strlen(part->data.mem));
	piece = file_piece(part, &length);
	return piece == NULL ? NULL : g_bytes_new_take(piece, length);
}

/* The start of the next line that is a boundary, or NULL. */
static const char *boundary_find(const char *at, const char *end,
				 const char *boundary)
{
	gsize length = strlen(boundary);

	while (at != NULL && at < end) {
		if ((gsize)(end - at) >= length + 2 && at[0] == '-' &&
		    at[1] == '-' && memcmp(at + 2, boundary, length) == 0)
			return at;
		at = memchr(at, '\n', (gsize)(end - at));
		if (at != NULL)
			at++;
	}
	return NULL;
}

GBytes *entity_signed(MimeInfo *multipart)
{
	const char *boundary = procmime_mimeinfo_get_parameter(multipart,
							       "boundary");
	gchar *piece = NULL;
	gsize length = 0;
	const char *first, *start = NULL, *stop = NULL;
	GBytes *bytes = NULL;

	if (boundary == NULL || boundary[0] == '\0')
		return NULL;
	piece = file_piece(multipart, &length);
	if (piece == NULL)
		return NULL;
	first = boundary_find(piece, piece + length, boundary);
	if (first != NULL)
		start = memchr(first, '\n', (gsize)(piece + length - first));
	if (start != NULL)
		stop = boundary_find(++start, piece + length, boundary);
	if (stop != NULL && stop > start) {
		stop--;			/* the line's end is the boundary's */
		if (stop > start && stop[-1] == '\r')
			stop--;
		bytes = with_crlf(start, (gsize)(stop - start));
	}
	g_free(piece);
	return bytes;
}

/* Ends of lines as Claws Mail has them. */
static gchar *with_lf(GBytes *bytes, gsize *length)
{
	gsize size = 0, i, used = 0;
	const char *text = g_bytes_get_data(bytes, &size);
	gchar *lines = g_malloc(size + 1);

	for (i = 0; i < size; i++)
		if (text[i] != '\r' || i + 1 == size || text[i + 1] != '\n')
			lines[used++] = text[i];
	*length = used;
	return lines;
}

MimeInfo *entity_read(GBytes *entity)
{
	gsize length = 0;
	gchar *lines = with_lf(entity, &length);
	gchar *path = g_build_filename(get_mime_tmp_dir(), "mailseal.XXXXXX",
				       NULL);
	MimeInfo *root = NULL, *part = NULL;
	int file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);

	if (file >= 0) {
		(void)close(file);
		if (g_file_set_contents_full(path, lines, (gssize)length,
					     G_FILE_SET_CONTENTS_NONE, 0600,
					     NULL))
			root = procmime_scan_file(path);
		else
			(void)g_unlink(path);
	}
	g_free(lines);
	g_free(path);
	if (root != NULL && g_node_first_child(root->node) != NULL) {
		part = g_node_first_child(root->node)->data;
		g_node_unlink(part->node);
		part->tmp = TRUE;
	}
	if (root != NULL)
		procmime_mimeinfo_free_all(&root);
	return part;
}

int entity_file(GBytes *bytes)
{
	gsize length = 0;
	const char *at = g_bytes_get_data(bytes, &length);
	int file = memfd_create("mailseal", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	while (file >= 0 && length > 0) {
		ssize_t wrote = write(file, at, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			(void)close(file);
			return -1;
		}
		at += wrote;
		length -= (gsize)wrote;
	}
	if (file >= 0 && fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
			       F_SEAL_WRITE | F_SEAL_SEAL) < 0) {
		(void)close(file);
		return -1;
	}
	return file;
}
