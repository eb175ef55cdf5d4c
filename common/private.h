/*
 * private.h - included first by every .c file of the core, and by nothing
 * else. It makes a slip fail to compile: the core allocates only from its
 * arena, prints nothing and never ends the process.
 */
#ifndef MIG_PRIVATE_H
#define MIG_PRIVATE_H

#include "mig.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#pragma GCC poison malloc calloc realloc free strdup strndup
#pragma GCC poison printf fprintf sprintf vsprintf puts fputs fopen getenv
#pragma GCC poison exit abort qsort system setlocale strtok localtime gmtime
#endif

#define MIG_COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))

#endif
