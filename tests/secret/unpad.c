/* unpad.c - a padding is taken off, and valgrind watches
 *
 *   secret_unpad HOW     0: a right padding; 1 to 5: wrong ones
 *   secret_unpad leak    as one would who looks for the end of the padding, to
 *                        show that valgrind sees it
 *
 * 0 when the octets are those that were to come out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "agent/keys/unpad.h"

#define SIZE	256
#define KEY	32

static void block_make(uint8_t block[SIZE], int how)
{
	memset(block, 0xaa, SIZE);
	block[0] = how == 1;			/* no block at all */
	block[1] = how == 2 ? 1 : 2;		/* of a signature */
	block[SIZE - KEY - 1] = how == 3 || how == 5;	/* no end there */
	if (how == 4)
		block[4] = 0;			/* too short a padding */
	if (how == 5)
		block[SIZE - KEY / 2 - 1] = 0;	/* another length */
}

static size_t padding_end(const uint8_t block[SIZE])
{
	size_t i;

	for (i = 2; i < SIZE && block[i] != 0; i++)
		continue;
	return i;
}

int main(int argc, char **argv)
{
	uint8_t block[SIZE], fake[KEY], out[KEY], wanted[KEY];
	int how = argc == 2 ? (int)strtol(argv[1], NULL, 10) : 0;
	unsigned bad = 2;

	block_make(block, how);
	memset(fake, 0x55, KEY);
	memcpy(wanted, how == 0 ? block + SIZE - KEY : fake, KEY);
	(void)VALGRIND_MAKE_MEM_UNDEFINED(block, SIZE);
	(void)VALGRIND_MAKE_MEM_UNDEFINED(fake, KEY);
	if (argc == 2 && strcmp(argv[1], "leak") == 0)
		(void)printf("%zu\n", padding_end(block));
	unpad(block, SIZE, KEY, fake, out, &bad);
	(void)VALGRIND_MAKE_MEM_DEFINED(out, KEY);
	(void)VALGRIND_MAKE_MEM_DEFINED(&bad, sizeof(bad));
	return memcmp(out, wanted, KEY) != 0 || bad != (how != 0);
}
