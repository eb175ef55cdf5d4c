/*
 * types.h - type names of both databases: families, what becomes of a type in
 * the other database, and how two types compare. A table, not code.
 *
 *     MigTypeName t;
 *     MigTypeFate fate;
 *
 *     mig_type_read(m, MIG_FOR_POSTGRESQL, mig_str("varchar(20)"), &t);
 *     mig_type_fate(m, &t, MIG_FOR_SQLITE, &fate);
 *
 * SQLite takes any words as a type and derives an affinity from them. So a
 * name of PostgreSQL is kept where its affinity is right, and otherwise gets
 * the word that makes it right: "uuid text", "bytea blob". Read in SQLite,
 * such a name is of the family of its first words.
 */
#ifndef MIG_TYPES_H
#define MIG_TYPES_H

#include "dialect.h"

typedef enum MigFamily
{
	MIG_F_NONE, /* no type at all */
	MIG_F_INT16,
	MIG_F_INT32,
	MIG_F_INT64,
	MIG_F_NUMERIC,
	MIG_F_FLOAT32,
	MIG_F_FLOAT64,
	MIG_F_TEXT,
	MIG_F_VARCHAR,
	MIG_F_CHAR,
	MIG_F_BOOLEAN,
	MIG_F_DATE,
	MIG_F_TIME,
	MIG_F_TIMESTAMP,
	MIG_F_TIMESTAMPTZ,
	MIG_F_INTERVAL,
	MIG_F_JSON,
	MIG_F_UUID,
	MIG_F_BYTES,
	MIG_F_ENUM,
	MIG_F_ARRAY,
	MIG_F_NETWORK, /* inet, cidr, macaddr */
	MIG_F_OTHER    /* a name that the table does not have */
} MigFamily;

/* What a move of values from one type to another does. */
typedef enum MigVerdict
{
	MIG_V_SAME,
	MIG_V_WIDER,    /* every value fits, and more would */
	MIG_V_NARROWER, /* values may be refused */
	MIG_V_LOSSY,    /* values may change */
	MIG_V_NONE      /* there is no such type */
} MigVerdict;

/* A type's name, taken apart. */
typedef struct MigTypeName
{
	MigStr declared;        /* as written */
	MigStr name;            /* lower case, single blanks, without arguments */
	MigFor where;           /* whose name it is; BOTH: either's */
	MigFor in;              /* the database in which it was read */
	MigFamily family;       /* an array's is MIG_F_ARRAY */
	bool serial;            /* smallserial, serial, bigserial */
	int nargs;              /* how many arguments, */
	int64_t args[2];        /* length; or precision and scale */
	const char *sqlite;     /* its name in SQLite, NULL: the same, "": none */
	const char *postgresql; /* likewise */
} MigTypeName;

/*
 * Read a declared type. Never fails for what the name says (MIG_F_OTHER is an
 * answer); false is MIG_NOMEM. In SQLite a name that the table does not have
 * is of the family that its affinity gives.
 */
extern bool
mig_type_read(Mig *m, MigFor in, MigStr declared, MigTypeName *out);

typedef struct MigTypeFate
{
	MigStr becomes; /* the declared type in the other database; absent: none */
	MigVerdict verdict;
	const char *why; /* a sentence; NULL when nothing is to be said */
} MigTypeFate;

/* What becomes of a type in the other database. False: MIG_NOMEM. */
extern bool
mig_type_fate(Mig *m, const MigTypeName *t, MigFor to, MigTypeFate *out);

/*
 * Compare two types, of the same database or of different ones: what happens
 * to values of a that are moved to b. *why as in MigTypeFate.
 */
extern MigVerdict
mig_type_compare(const MigTypeName *a, const MigTypeName *b, const char **why);

/* "integer 32", "timestamp with time zone", ... */
extern const char *mig_type_family(MigFamily family);

/* "same", "wider", "narrower", "lossy", "none". */
extern const char *mig_type_verdict(MigVerdict verdict);

/* SQLite's affinities, by its own rules (first match of INT, CHAR CLOB TEXT,
   BLOB or nothing, REAL FLOA DOUB; else NUMERIC). */
typedef enum MigAffinity
{
	MIG_AFFINITY_INTEGER,
	MIG_AFFINITY_TEXT,
	MIG_AFFINITY_BLOB,
	MIG_AFFINITY_REAL,
	MIG_AFFINITY_NUMERIC
} MigAffinity;

extern MigAffinity mig_type_affinity(MigStr declared);

#endif
