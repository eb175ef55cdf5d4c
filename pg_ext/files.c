#include "binding.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/pg_authid.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/acl.h"
#include "utils/memutils.h"

/* Relative paths start in the data directory, where the server works. */

#if PG_VERSION_NUM < 140000
#define ROLE_PG_READ_SERVER_FILES DEFAULT_ROLE_READ_SERVER_FILES
#define ROLE_PG_WRITE_SERVER_FILES DEFAULT_ROLE_WRITE_SERVER_FILES
#endif

/* A file that SQL can hold as one text. */
#define FILE_MAX ((size_t) MaxAllocSize - 1024)

/* What others may do with a new script, as with COPY TO's files. */
#define FILE_MODE (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

static bool
refuse_role(Mig *m, const char *what, const char *role)
{
	mig_fail(m, MIG_PERMISSION, "permission denied to %s files on the server",
	         what);
	return mig_detail(m,
	                  "Only roles with privileges of the role \"%s\" may %s"
	                  " files on the server.",
	                  role, what);
}

static bool
files_allowed(MigHost *h, Mig *m, bool write)
{
	Oid role = GetUserId();

	(void) h;
	if (!has_privs_of_role(role, ROLE_PG_READ_SERVER_FILES))
		return refuse_role(m, "read", "pg_read_server_files");
	if (write && !has_privs_of_role(role, ROLE_PG_WRITE_SERVER_FILES))
		return refuse_role(m, "write", "pg_write_server_files");
	return true;
}

/* The path as C and the server have it, NUL-terminated and canonical, in out
   of MAXPGPATH bytes. False: MIG_ARGUMENT. */
static bool
path_of(Mig *m, MigStr path, char *out)
{
	if (path.len == 0 || path.len >= MAXPGPATH)
		return mig_fail(m, MIG_ARGUMENT,
		                path.len == 0 ? "path is empty" : "path is too long");
	memcpy(out, path.at, path.len);
	out[path.len] = '\0';
	canonicalize_path(out);
	return true;
}

static bool
fail_errno(Mig *m, const char *verb, const char *path)
{
	return mig_fail(m, MIG_FILE, "could not %s \"%s\": %s", verb, path,
	                strerror(errno));
}

static bool
fail_kind(Mig *m, const char *path)
{
	return mig_fail(m, MIG_FILE, "\"%s\" is not a file", path);
}

static bool
files_is_directory(MigHost *h, Mig *m, MigStr path, bool *yes)
{
	char name[MAXPGPATH];
	struct stat st;

	(void) h;
	if (!path_of(m, path, name))
		return false;
	if (stat(name, &st) != 0)
		return fail_errno(m, "open", name);
	*yes = S_ISDIR(st.st_mode);
	return *yes || S_ISREG(st.st_mode) || fail_kind(m, name);
}

/* The real path of an existing name, in out; false if it has none. */
static bool
real_path(const char *name, char *out)
{
	char *real = realpath(name, NULL);
	bool fits = real != NULL && strlen(real) < MAXPGPATH;

	if (fits)
		strlcpy(out, real, MAXPGPATH);
	free(real);
	return fits;
}

/*
 * Whether a link leads to a regular file below root. A container's mounted
 * configuration is full of such links; a link to /etc/passwd is another
 * matter.
 */
static bool
is_inside(const char *root, const char *path)
{
	char target[MAXPGPATH];
	char top[MAXPGPATH];
	struct stat st;
	size_t n;

	if (!real_path(path, target) || !real_path(root, top))
		return false;
	n = strlen(top);
	if (n > 0 && top[n - 1] == '/')
		n--;
	return strncmp(target, top, n) == 0 && target[n] == '/' &&
	       stat(target, &st) == 0 && S_ISREG(st.st_mode);
}

typedef enum EntryKind
{
	ENTRY_FILE,
	ENTRY_DIRECTORY,
	ENTRY_OTHER
} EntryKind;

static EntryKind
entry_kind(const struct dirent *entry, const char *root, const char *path)
{
	struct stat st;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return ENTRY_OTHER;
#ifdef DT_REG
	/* Most file systems say it at once. */
	if (entry->d_type == DT_REG)
		return ENTRY_FILE;
	if (entry->d_type == DT_DIR)
		return ENTRY_DIRECTORY;
#endif
	if (lstat(path, &st) != 0)
		return ENTRY_OTHER;
	if (S_ISDIR(st.st_mode))
		return ENTRY_DIRECTORY;
	if (S_ISREG(st.st_mode))
		return ENTRY_FILE;
	return S_ISLNK(st.st_mode) && is_inside(root, path) ? ENTRY_FILE
	                                                    : ENTRY_OTHER;
}

static bool
list_entries(Mig *m, DIR *dir, const char *name, const char *root,
             MigStr **names, int *count)
{
	struct dirent *entry;
	char path[MAXPGPATH * 2];
	size_t room = 0;

	*names = NULL;
	*count = 0;
	while ((entry = ReadDir(dir, name)) != NULL)
	{
		MigStr *grown;
		EntryKind kind;

		CHECK_FOR_INTERRUPTS();
		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		kind = entry_kind(entry, root, path);
		if (kind == ENTRY_OTHER)
			continue;
		if (!pg_verifymbstr(entry->d_name, (int) strlen(entry->d_name), true))
			return mig_fail(m, MIG_FILE,
			                "directory \"%s\" holds a file whose name is not"
			                " valid in encoding \"%s\"",
			                name, GetDatabaseEncodingName());
		grown = mig_grow(m, *names, (size_t) *count, &room,
		                 (size_t) *count + 1, sizeof(**names));
		if (grown == NULL)
			return false;
		*names = grown;
		snprintf(path, sizeof(path), "%s%s", entry->d_name,
		         kind == ENTRY_DIRECTORY ? "/" : "");
		grown[(*count)++] = mig_copy(m, mig_str(path));
	}
	return mig_ok(m);
}

static bool
files_list(MigHost *h, Mig *m, MigStr root, MigStr path, MigStr **names,
           int *count)
{
	char name[MAXPGPATH], top[MAXPGPATH];
	DIR *dir;
	bool ok;

	(void) h;
	if (!path_of(m, path, name) || !path_of(m, root, top))
		return false;
	dir = AllocateDir(name);
	if (dir == NULL)
		return fail_errno(m, "open directory", name);
	ok = list_entries(m, dir, name, top, names, count);
	FreeDir(dir);
	return ok;
}

/* Files are UTF-8; the database may have another encoding. */
static bool
decode(Mig *m, const char *name, char *bytes, size_t size, MigStr *text)
{
	char *decoded;

	if (!pg_verify_mbstr(PG_UTF8, bytes, (int) size, true))
	{
		mig_fail(m, MIG_FILE, "file \"%s\" is not text in UTF-8", name);
		return mig_hint(m, "Save it in UTF-8.");
	}
	text->at = bytes;
	text->len = size;
	if (size == 0)
		return true;
	decoded = pg_any_to_server(bytes, (int) size, PG_UTF8);
	if (decoded != bytes)
		*text = mig_copy(m, mig_str(decoded));
	return text->at != NULL;
}

/* The bytes of an open file; grows are not expected, shrinks are an end. */
static bool
read_open(Mig *m, int fd, const char *name, size_t size, MigStr *text)
{
	char *bytes = mig_alloc(m, size + 1);
	size_t have = 0;

	if (bytes == NULL)
		return false;
	while (have < size)
	{
		ssize_t n = read(fd, bytes + have, Min(size - have, 1 << 20));

		CHECK_FOR_INTERRUPTS();
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(m, "read file", name);
		if (n == 0)
			break;
		have += (size_t) n;
	}
	return decode(m, name, bytes, have, text);
}

/* More than fits, or nothing, from the start. */
static bool
read_large(Mig *m, int fd, const char *name, MigStr *text)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail_errno(m, "open file", name);
	if (!S_ISREG(st.st_mode))
		return fail_kind(m, name);
	if ((size_t) st.st_size > FILE_MAX)
		return mig_fail(m, MIG_FILE, "file \"%s\" is too large", name);
	return (lseek(fd, 0, SEEK_SET) == 0 || fail_errno(m, "read file", name)) &&
	       read_open(m, fd, name, (size_t) st.st_size, text);
}

static bool
copy_page(Mig *m, const char *name, const char *page, size_t size,
          MigStr *text)
{
	char *bytes = mig_alloc(m, size + 1);

	if (bytes == NULL)
		return false;
	memcpy(bytes, page, size);
	return decode(m, name, bytes, size, text);
}

/* As few calls of the system as there can be: a directory has thousands of
   files. One that is less than a page comes at once. */
static bool
files_read(MigHost *h, Mig *m, MigStr path, MigStr *text)
{
	char name[MAXPGPATH], page[4096];
	ssize_t n;
	bool ok;
	int fd;

	(void) h;
	if (!path_of(m, path, name))
		return false;
	/* A pipe, should one have taken its place, must not make us wait for its
	   other end. */
	fd = OpenTransientFile(name, O_RDONLY | PG_BINARY | O_NONBLOCK);
	if (fd < 0)
		return fail_errno(m, "open file", name);
	n = read(fd, page, sizeof(page));
	if (n > 0 && n < (ssize_t) sizeof(page))
		ok = copy_page(m, name, page, (size_t) n, text);
	else
		ok = read_large(m, fd, name, text);
	CloseTransientFile(fd);
	return ok;
}

/* Nothing here may jump: a half-written file would stay. */
static bool
write_new(Mig *m, const char *name, const char *shown, const char *bytes,
          size_t size)
{
	mode_t mask = umask(S_IWGRP | S_IWOTH);
	int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | PG_BINARY, FILE_MODE);
	bool ok = fd >= 0;

	umask(mask);
	while (ok && size > 0)
	{
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		/* A short write without a reason is a full disk. */
		if (n == 0)
			errno = ENOSPC;
		ok = n > 0;
		if (ok)
		{
			bytes += n;
			size -= (size_t) n;
		}
	}
	ok = ok && fsync(fd) == 0;
	if (!ok)
		fail_errno(m, fd < 0 ? "create file" : "write file", shown);
	if (fd >= 0)
		close(fd);
	if (!ok && fd >= 0)
		unlink(name);
	return ok;
}

/* Give the finished file its name, unless that is taken. Where the file
   system has no links, the name is taken first and then replaced. */
static bool
publish(Mig *m, const char *temporary, const char *name)
{
	int fd;

	if (link(temporary, name) == 0)
		return true;
	if (errno != EEXIST)
	{
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY, FILE_MODE);
		if (fd >= 0)
		{
			close(fd);
			if (rename(temporary, name) == 0)
				return true;
			fail_errno(m, "create file", name);
			unlink(name);
			return false;
		}
	}
	if (errno == EEXIST)
		return mig_fail(m, MIG_FILE, "file \"%s\" exists already", name);
	return fail_errno(m, "create file", name);
}

static bool
files_write(MigHost *h, Mig *m, MigStr path, MigStr text)
{
	char name[MAXPGPATH];
	char temporary[MAXPGPATH + 32];
	char *bytes;
	bool ok;

	(void) h;
	if (!path_of(m, path, name))
		return false;
	bytes = pg_server_to_any(text.at, (int) text.len, PG_UTF8);
	snprintf(temporary, sizeof(temporary), "%s.%d.tmp", name, MyProcPid);
	unlink(temporary); /* of a server that crashed */
	if (!write_new(m, temporary, name, bytes,
	               bytes == text.at ? text.len : strlen(bytes)))
		return false;
	ok = publish(m, temporary, name);
	unlink(temporary);
	return ok;
}

const MigFileOps pg_mig_file_ops = {
	.allowed = files_allowed,
	.is_directory = files_is_directory,
	.list = files_list,
	.read = files_read,
	.write = files_write,
};
