/*
 * delimiter.h - scripts whose statements end at something other than a
 * semicolon, with semicolons there instead.
 *
 *     mig_delimiter(m, MIG_LIT("SELECT 1\nGO\nSELECT 2"), MIG_LIT("\nGO"))
 *
 * gives "SELECT 1\n; \nSELECT 2". The lines keep their numbers. A delimiter
 * inside of quotes, dollar quotes and block comments is none, and a line
 * comment holds one only at its start. A line end in the delimiter also fits
 * CRLF.
 */
#ifndef MIG_DELIMITER_H
#define MIG_DELIMITER_H

#include "mig.h"

/* In m's arena; text itself if the delimiter is a semicolon. {NULL, 0} on
   MIG_NOMEM. delimiter is not empty. */
extern MigStr mig_delimiter(Mig *m, MigStr text, MigStr delimiter);

/* \n, \r and \t as the bytes that they mean, in m's arena. */
extern MigStr mig_delimiter_read(Mig *m, MigStr written);

#endif
