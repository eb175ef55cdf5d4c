#if !defined(_WIN32)
#define _XOPEN_SOURCE 700 /* gethostname, localtime_r; not in C11 */
#endif

#include "sqlite_mig.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(_WIN32)
#include <process.h>
#include <windows.h>
#else
#include <unistd.h>
#endif

MigStr
sqlite_mig_user(Mig *m)
{
	static const char *const names[] = {"USER", "LOGNAME", "USERNAME"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return mig_copy(m, mig_str(value));
	}
	return mig_str("unknown");
}

MigStr
sqlite_mig_client(Mig *m)
{
	MigText t = {m, NULL, 0, 0};
#if defined(_WIN32)
	const char *host = getenv("COMPUTERNAME");

	mig_text_fmt(&t, "pid %d", _getpid());
#else
	char name[256] = "";
	const char *host = name;

	if (gethostname(name, sizeof(name) - 1) != 0)
		name[0] = '\0';
	mig_text_fmt(&t, "pid %ld", (long) getpid());
#endif
	if (host != NULL && host[0] != '\0')
		mig_text_fmt(&t, " on %s", host);
	return mig_text_str(&t);
}

static bool
local_time(time_t at, struct tm *out)
{
#if defined(_WIN32)
	return localtime_s(out, &at) == 0;
#else
	return localtime_r(&at, out) != NULL;
#endif
}

/* What a clock on the wall shows less what UTC shows, in seconds. */
static int
offset_at(int64_t seconds)
{
	MigCalendar utc = mig_time_split(seconds * 1000000, 0);
	struct tm here;
	int days;

	if (!local_time((time_t) seconds, &here))
		return 0;
	days = here.tm_year + 1900 != utc.year
	           ? (here.tm_year + 1900 > utc.year ? 1 : -1)
	           : (here.tm_mon + 1 != utc.month
	                  ? (here.tm_mon + 1 > utc.month ? 1 : -1)
	                  : here.tm_mday - utc.day);
	return ((days * 24 + here.tm_hour - utc.hour) * 60 + here.tm_min -
	        utc.minute) *
	           60 +
	       here.tm_sec - utc.second;
}

#if defined(_WIN32)

/* The system counts tenths of microseconds since 1601. */
static int64_t
microseconds(void)
{
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	return (int64_t) (((uint64_t) now.dwHighDateTime << 32 |
	                   now.dwLowDateTime) /
	                  10) -
	       INT64_C(11644473600) * 1000000;
}

#else

static int64_t
microseconds(void)
{
	struct timespec now;

	if (timespec_get(&now, TIME_UTC) != TIME_UTC)
	{
		now.tv_sec = time(NULL);
		now.tv_nsec = 0;
	}
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

#endif

int64_t
sqlite_mig_now(MigHost *h, int *offset)
{
	int64_t now = microseconds();

	(void) h;
	if (offset != NULL)
		*offset = offset_at(now / 1000000);
	return now;
}
