/*
 * slug.h - a message as a part of a file name. Pure.
 *
 *     "Add users' e-mail (unique)"   add_users_e_mail_unique
 *     "Größe ändern"                 größe_ändern
 */
#ifndef MIG_SLUG_H
#define MIG_SLUG_H

#include "mig.h"

/*
 * The message's words in lower case, joined by _. A word is a run of letters,
 * digits and _; every character beyond ASCII counts as a letter except
 * punctuation and controls, bytes that are not UTF-8 count as blanks. A slug
 * of more than limit characters is cut there and then back to before its last
 * _, if it has one. It does not end in _. In the arena; {NULL, 0} on
 * MIG_NOMEM; empty, not absent, for a message without a word.
 */
extern MigStr mig_slug(Mig *m, MigStr message, int64_t limit);

#endif
