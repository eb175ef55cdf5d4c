/*
 * base64.h - bytes as text (RFC 4648, section 4, with padding).
 */
#ifndef MIG_BASE64_H
#define MIG_BASE64_H

#include "mig.h"

/* In m's arena; {NULL, 0} on MIG_NOMEM. */
extern MigStr mig_base64(Mig *m, const unsigned char *bytes, size_t size);

#endif
