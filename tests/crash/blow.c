/*
 * blow.c - preloaded: the process dies, or the disk is full, at the nth
 * operation on a file.
 *
 *     blow_arm(n, BLOW_KILL, fd)    SIGKILL just before it
 *     blow_arm(n, BLOW_TEAR, fd)    a write is done by half, then SIGKILL
 *     blow_arm(n, BLOW_FULL, fd)    it and all later writes: no space left
 *     blow_arm(0, 0, fd)            only count; blow_count() is the number
 *
 * Operations are writes, truncations, syncs and removals, those on fd
 * excepted: through it the process tells how far it is. Nothing is synced:
 * processes die here, not machines.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

enum
{
	BLOW_KILL = 1,
	BLOW_TEAR,
	BLOW_FULL
};

static long at;
static long count;
static int what;
static int spared = -1;

extern void blow_arm(long n, int how, int fd);
extern long blow_count(void);

void
blow_arm(long n, int how, int fd)
{
	at = n;
	what = how;
	spared = fd;
	count = 0;
}

long
blow_count(void)
{
	return count;
}

static void
die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Count it; true when it is the one, or a later one. */
static bool
due(void)
{
	count++;
	return what != 0 && count >= at;
}

/* Before a write: how many bytes of it are to be done, -1 for none. */
static ssize_t
allowed(int fd, size_t size)
{
	if (fd == spared || !due())
		return (ssize_t) size;
	if (what == BLOW_FULL)
	{
		errno = ENOSPC;
		return -1;
	}
	if (what == BLOW_KILL || size < 2)
		die();
	return (ssize_t) (size / 2);
}

/* After it. */
static ssize_t
written(size_t size, ssize_t part, ssize_t done)
{
	if (part >= 0 && (size_t) part < size)
		die();
	return done;
}

static void *
next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

ssize_t
write(int fd, const void *data, size_t size)
{
	ssize_t (*real)(int, const void *, size_t) = next("write");
	ssize_t part = allowed(fd, size);

	return part < 0 ? -1 : written(size, part, real(fd, data, (size_t) part));
}

ssize_t
pwrite(int fd, const void *data, size_t size, off_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = next("pwrite");
	ssize_t part = allowed(fd, size);

	return part < 0
	           ? -1
	           : written(size, part, real(fd, data, (size_t) part, offset));
}

ssize_t
pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
	ssize_t part = allowed(fd, size);

	return part < 0
	           ? -1
	           : written(size, part, real(fd, data, (size_t) part, offset));
}

/* What is no write cannot be torn, and needs no space. */
static void
other(int fd)
{
	if (fd != spared && due() && what != BLOW_FULL)
		die();
}

int
ftruncate(int fd, off_t size)
{
	int (*real)(int, off_t) = next("ftruncate");

	other(fd);
	return real(fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	int (*real)(int, off64_t) = next("ftruncate64");

	other(fd);
	return real(fd, size);
}

int
unlink(const char *path)
{
	int (*real)(const char *) = next("unlink");

	other(-2);
	return real(path);
}

int
fsync(int fd)
{
	other(fd);
	return 0;
}

int
fdatasync(int fd)
{
	other(fd);
	return 0;
}
