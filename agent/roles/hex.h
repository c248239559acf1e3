/* hex.h - ids as they are written: pairs of small hexadecimal digits */
#ifndef MAILSEAL_ROLES_HEX_H
#define MAILSEAL_ROLES_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* False: NULL, or not exactly `size` bytes. */
bool hex_read(const char *text, unsigned char *out, size_t size);

/* The first `size` bytes of a longer text. */
bool hex_read_some(const char *text, unsigned char *out, size_t size);

/* `out` has 2 * size + 1 characters of room. */
void hex_write(const unsigned char *bytes, size_t size, char *out);

#endif
