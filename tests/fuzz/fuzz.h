/*
 * fuzz.h - what the fuzz targets share: an input's first byte is the dialect,
 * the rest is text. A property that does not hold ends the process.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "mig.h"

#define MUST(cond) ((cond) ? (void) 0 : abort())

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *
fuzz_get(void *context, size_t size)
{
	(void) context;
	return malloc(size);
}

static void
fuzz_put(void *context, void *memory)
{
	(void) context;
	free(memory);
}

/* Prepare m and give the text, which is the input's rest. False: no input. */
static bool
fuzz_begin(Mig *m, const uint8_t *data, size_t size, MigStr *text)
{
	MigMemory memory = {fuzz_get, fuzz_put, NULL, 1};

	if (size == 0)
		return false;
	mig_init(m, &memory, data[0] % 2 ? &mig_postgresql : &mig_sqlite);
	text->at = (const char *) data + 1;
	text->len = size - 1;
	return true;
}

#endif
