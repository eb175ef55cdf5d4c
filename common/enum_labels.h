/*
 * enum_labels.h - the labels of an enum type as SQLite's literals: 'a', 'b'.
 *
 * So they stand in the CHECK of a column of it, where comments may be between
 * them: what is not changed stays byte for byte. Results live in m's arena;
 * they are absent, and false, after MIG_NOMEM.
 */
#ifndef MIG_ENUM_LABELS_H
#define MIG_ENUM_LABELS_H

#include "mig.h"

extern bool mig_enum_has(Mig *m, MigStr labels, MigStr label);

/* One more, before or behind one of them; at the end when `beside` is absent
   or not there. One that is there stays where it is. */
extern MigStr
mig_enum_with(Mig *m, MigStr labels, MigStr label, MigStr beside, bool before);

/* One of them with another name. */
extern MigStr mig_enum_renamed(Mig *m, MigStr labels, MigStr from, MigStr to);

/* Those of another list that are not there, at the end. */
extern MigStr mig_enum_union(Mig *m, MigStr labels, MigStr more);

#endif
