#include "private.h"

#include "base64.h"
#include "text.h"

MigStr
mig_base64(Mig *m, const unsigned char *bytes, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
								 "abcdefghijklmnopqrstuvwxyz0123456789+/";
	MigText t = {m, NULL, 0, 0};

	for (size_t i = 0; i < size; i += 3)
	{
		size_t n = size - i < 3 ? size - i : 3;
		uint32_t group = (uint32_t) bytes[i] << 16;

		if (n > 1)
			group |= (uint32_t) bytes[i + 1] << 8;
		if (n > 2)
			group |= bytes[i + 2];
		for (size_t k = 0; k < 4; k++)
			mig_text_char(&t,
			              k <= n ? digits[group >> (18 - 6 * k) & 63] : '=');
	}
	return mig_text_str(&t);
}
