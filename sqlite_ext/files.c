#if !defined(_WIN32)
#define _DEFAULT_SOURCE /* directories; not in C11 */
#endif

#include "sqlite_mig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

/* A script of more than that is a mistake. */
#define MAX_SIZE (1L << 30)

typedef enum Kind
{
	KIND_NONE,
	KIND_FILE,
	KIND_DIRECTORY,
	KIND_OTHER
} Kind;

static bool
fail_file(Mig *m, const char *what, MigStr path)
{
	return mig_fail(m, MIG_FILE, "could not %s \"%.*s\": %s", what,
	                MIG_S(path), strerror(errno));
}

static bool
fail_size(Mig *m, MigStr path)
{
	return mig_fail(m, MIG_FILE, "file \"%.*s\" is too large", MIG_S(path));
}

static bool
fail_kind(Mig *m, MigStr path)
{
	return mig_fail(m, MIG_FILE, "\"%.*s\" is not a file", MIG_S(path));
}

/* A path for the system: NUL-terminated, none inside. */
static const char *
system_path(Mig *m, MigStr path)
{
	MigStr copy = mig_copy(m, path);

	if (copy.at != NULL && memchr(copy.at, '\0', copy.len) == NULL)
		return copy.at;
	mig_fail(m, MIG_ARGUMENT, "path contains a zero byte");
	return NULL;
}

#if defined(_WIN32)

/* UTF-8 to what the system takes. */
static const wchar_t *
wide_path(Mig *m, MigStr path)
{
	const char *at = system_path(m, path);
	int n = at ? MultiByteToWideChar(CP_UTF8, 0, at, -1, NULL, 0) : 0;
	wchar_t *wide =
		n > 0 ? mig_alloc_array(m, (size_t) n, sizeof(*wide)) : NULL;

	if (wide != NULL)
		MultiByteToWideChar(CP_UTF8, 0, at, -1, wide, n);
	else
		mig_fail(m, MIG_ARGUMENT, "path is not UTF-8");
	return wide;
}

static bool
kind_of(Mig *m, MigStr path, Kind *kind)
{
	const wchar_t *at = wide_path(m, path);
	DWORD bits = at ? GetFileAttributesW(at) : INVALID_FILE_ATTRIBUTES;

	errno = ENOENT;
	*kind = bits == INVALID_FILE_ATTRIBUTES       ? KIND_NONE
	        : bits & FILE_ATTRIBUTE_DIRECTORY     ? KIND_DIRECTORY
	        : bits & FILE_ATTRIBUTE_REPARSE_POINT ? KIND_OTHER
	                                              : KIND_FILE;
	return at != NULL;
}

static FILE *
file_open(Mig *m, MigStr path, bool write)
{
	const wchar_t *at = wide_path(m, path);

	return at ? _wfopen(at, write ? L"wbx" : L"rb") : NULL;
}

/* The name of an entry, with a slash behind a directory's; empty for what is
   neither file nor directory. */
static MigStr
entry_name(Mig *m, const WIN32_FIND_DATAW *found)
{
	bool directory = found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
	MigText t = {m, NULL, 0, 0};
	char name[4 * MAX_PATH];

	if (!(found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
	    WideCharToMultiByte(CP_UTF8, 0, found->cFileName, -1, name,
	                        sizeof(name), NULL, NULL) != 0 &&
	    strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		mig_text_fmt(&t, "%s%s", name, directory ? "/" : "");
	return mig_text_str(&t);
}

static bool
each_name(Mig *m, MigStr root, MigStr path,
          bool (*f)(void *arg, Mig *m, MigStr name), void *arg)
{
	MigText t = {m, NULL, 0, 0};
	WIN32_FIND_DATAW found;
	const wchar_t *at;
	HANDLE handle;
	bool ok = true;

	(void) root;
	mig_text_str_add(&t, path);
	mig_text_add(&t, "\\*");
	at = wide_path(m, mig_text_str(&t));
	if (at == NULL)
		return false;
	handle = FindFirstFileW(at, &found);
	errno = ENOENT;
	if (handle == INVALID_HANDLE_VALUE)
		return fail_file(m, "open directory", path);
	do
	{
		MigStr name = entry_name(m, &found);

		ok = mig_ok(m) && (name.len == 0 || f(arg, m, name));
	} while (ok && FindNextFileW(handle, &found));
	FindClose(handle);
	return ok;
}

static void
file_remove(Mig *m, MigStr path)
{
	const wchar_t *at = wide_path(m, path);

	if (at != NULL)
		_wremove(at);
}

/* The rest of an open file. */
static bool
read_all(Mig *m, FILE *file, MigStr path, MigStr *text)
{
	long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	char *at;

	if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
		return fail_file(m, "read file", path);
	if (size > MAX_SIZE)
		return fail_size(m, path);
	at = mig_alloc(m, (size_t) size + 1);
	if (at == NULL)
		return false;
	text->at = at;
	text->len = fread(at, 1, (size_t) size, file);
	return !ferror(file) || fail_file(m, "read file", path);
}

static bool
file_read(Mig *m, MigStr path, MigStr *text)
{
	FILE *file;
	Kind kind;
	bool ok;

	if (!kind_of(m, path, &kind))
		return false;
	if (kind == KIND_DIRECTORY || kind == KIND_OTHER)
		return fail_kind(m, path);
	file = kind == KIND_FILE ? file_open(m, path, false) : NULL;
	if (file == NULL)
		return fail_file(m, "open file", path);
	ok = read_all(m, file, path, text);
	fclose(file);
	return ok;
}

#else

static bool
kind_of(Mig *m, MigStr path, Kind *kind)
{
	const char *at = system_path(m, path);
	struct stat found;

	if (at == NULL)
		return false;
	if (stat(at, &found) != 0)
		*kind = KIND_NONE;
	else if (S_ISDIR(found.st_mode))
		*kind = KIND_DIRECTORY;
	else
		*kind = S_ISREG(found.st_mode) ? KIND_FILE : KIND_OTHER;
	return true;
}

static FILE *
file_open(Mig *m, MigStr path, bool write)
{
	const char *at = system_path(m, path);

	return at ? fopen(at, write ? "wbx" : "rb") : NULL;
}

static void
file_remove(Mig *m, MigStr path)
{
	const char *at = system_path(m, path);

	if (at != NULL)
		remove(at);
}

#define SHORT_PATH 512
#define PAGE 4096

/* The same as system_path(), mostly without memory from m. */
static const char *
short_path(Mig *m, MigStr path, char room[SHORT_PATH])
{
	if (path.len >= SHORT_PATH || memchr(path.at, '\0', path.len) != NULL)
		return system_path(m, path);
	memcpy(room, path.at, path.len);
	room[path.len] = '\0';
	return room;
}

/* size bytes, or fewer when the file has shrunk meanwhile. */
static bool
read_bytes(Mig *m, int fd, size_t size, MigStr path, MigStr *text)
{
	char *at = mig_alloc(m, size + 1);
	size_t done = 0;

	while (at != NULL && done < size)
	{
		ssize_t n = read(fd, at + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_file(m, "read file", path);
		if (n == 0)
			break;
		done += (size_t) n;
	}
	text->at = at;
	text->len = done;
	return at != NULL;
}

/* More than fits, or nothing, from the start. */
static bool
read_large(Mig *m, int fd, MigStr path, MigStr *text)
{
	struct stat found;

	if (fstat(fd, &found) != 0)
		return fail_file(m, "open file", path);
	if (!S_ISREG(found.st_mode))
		return fail_kind(m, path);
	if (found.st_size > MAX_SIZE)
		return fail_size(m, path);
	return (lseek(fd, 0, SEEK_SET) == 0 || fail_file(m, "read file", path)) &&
	       read_bytes(m, fd, (size_t) found.st_size, path, text);
}

/* As few calls of the system as there can be, and no memory but the text's: a
   directory has thousands of files. A file that is less than a page comes at
   once. A pipe, should one have taken its place, must not block. */
static bool
file_read(Mig *m, MigStr path, MigStr *text)
{
	char room[SHORT_PATH], page[PAGE];
	const char *at = short_path(m, path, room);
	ssize_t n;
	bool ok;
	int fd;

	if (at == NULL)
		return false;
	fd = open(at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fail_file(m, "open file", path);
	n = read(fd, page, sizeof(page));
	if (n > 0 && n < (ssize_t) sizeof(page))
	{
		*text = mig_copy(m, (MigStr){page, (size_t) n});
		ok = text->at != NULL;
	}
	else
		ok = read_large(m, fd, path, text);
	close(fd);
	return ok;
}

/* A link that leads out of the directory would show what is not in it. */
static bool
is_inside(Mig *m, MigStr root, const char *path)
{
	const char *at = system_path(m, root);
	char *top = at ? realpath(at, NULL) : NULL;
	char *target = realpath(path, NULL);
	size_t n = top ? strlen(top) : 0;
	bool inside = top != NULL && target != NULL &&
	              strncmp(target, top, n) == 0 &&
	              (target[n] == '/' || (n > 0 && top[n - 1] == '/'));

	free(top);
	free(target);
	return inside;
}

/* What an entry of a directory is. */
static Kind
entry_kind(Mig *m, MigStr root, MigStr path, const struct dirent *entry)
{
	MigText t = {m, NULL, 0, 0};
	struct stat found;
	MigStr file;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return KIND_OTHER;
	/* Most file systems say it at once. */
	if (entry->d_type == DT_REG || entry->d_type == DT_DIR)
		return entry->d_type == DT_REG ? KIND_FILE : KIND_DIRECTORY;
	mig_text_fmt(&t, "%.*s/%s", MIG_S(path), entry->d_name);
	file = mig_text_str(&t);
	if (file.at == NULL || lstat(file.at, &found) != 0)
		return KIND_OTHER;
	if (S_ISDIR(found.st_mode))
		return KIND_DIRECTORY;
	if (S_ISLNK(found.st_mode) &&
	    (stat(file.at, &found) != 0 || !is_inside(m, root, file.at)))
		return KIND_OTHER;
	return S_ISREG(found.st_mode) ? KIND_FILE : KIND_OTHER;
}

static MigStr
entry_name(Mig *m, const struct dirent *entry, Kind kind)
{
	MigText t = {m, NULL, 0, 0};

	if (kind == KIND_FILE)
		return mig_str(entry->d_name);
	mig_text_fmt(&t, "%s/", entry->d_name);
	return mig_text_str(&t);
}

static bool
each_name(Mig *m, MigStr root, MigStr path,
          bool (*f)(void *arg, Mig *m, MigStr name), void *arg)
{
	const char *at = system_path(m, path);
	DIR *dir = at ? opendir(at) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return fail_file(m, "open directory", path);
	while (ok && (entry = readdir(dir)) != NULL)
	{
		Kind kind = entry_kind(m, root, path, entry);

		if (kind == KIND_FILE || kind == KIND_DIRECTORY)
			ok = f(arg, m, entry_name(m, entry, kind));
	}
	closedir(dir);
	return ok && mig_ok(m);
}

#endif

/* SQLite has no roles: who may call functions that are DIRECTONLY may open
   files by ATTACH as well. */
static bool
files_allowed(MigHost *h, Mig *m, bool write)
{
	(void) h;
	(void) m;
	(void) write;
	return true;
}

static bool
files_is_directory(MigHost *h, Mig *m, MigStr path, bool *yes)
{
	Kind kind;

	(void) h;
	if (!kind_of(m, path, &kind))
		return false;
	if (kind == KIND_NONE)
		return fail_file(m, "open", path);
	*yes = kind == KIND_DIRECTORY;
	return kind != KIND_OTHER || fail_kind(m, path);
}

typedef struct Names
{
	MigStr *items;
	size_t count, room;
} Names;

static bool
names_add(void *arg, Mig *m, MigStr name)
{
	Names *n = arg;
	MigStr *items = mig_grow(m, n->items, n->count, &n->room, n->count + 1,
	                         sizeof(*items));

	if (items == NULL)
		return false;
	n->items = items;
	items[n->count++] = mig_copy(m, name);
	return mig_ok(m);
}

static bool
files_list(MigHost *h, Mig *m, MigStr root, MigStr path, MigStr **names,
           int *count)
{
	Names found = {NULL, 0, 0};

	(void) h;
	if (!each_name(m, root, path, names_add, &found))
		return false;
	*names = found.items;
	*count = (int) found.count;
	return true;
}

static bool
files_read(MigHost *h, Mig *m, MigStr path, MigStr *text)
{
	(void) h;
	return file_read(m, path, text);
}

static bool
files_write(MigHost *h, Mig *m, MigStr path, MigStr text)
{
	FILE *file;
	bool ok;

	(void) h;
	errno = 0;
	file = file_open(m, path, true);
	if (file == NULL && errno == EEXIST)
		return mig_fail(m, MIG_FILE, "file \"%.*s\" exists already",
		                MIG_S(path));
	if (file == NULL)
		return fail_file(m, "create file", path);
	ok = text.len == 0 || fwrite(text.at, 1, text.len, file) == text.len;
	ok = fclose(file) == 0 && ok;
	if (!ok)
	{
		fail_file(m, "write file", path);
		file_remove(m, path);
	}
	return ok;
}

const MigFileOps sqlite_mig_files = {
	.allowed = files_allowed,
	.is_directory = files_is_directory,
	.list = files_list,
	.read = files_read,
	.write = files_write,
};
