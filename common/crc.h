/*
 * crc.h - CRC-32 with the polynomial of IEEE 802.3, as zip and Flyway have
 * it: reflected, 0x04C11DB7. "123456789" gives 0xCBF43926.
 *
 *     uint32_t crc = mig_crc32(0, MIG_LIT("1234"));
 *     crc = mig_crc32(crc, MIG_LIT("56789"));
 */
#ifndef MIG_CRC_H
#define MIG_CRC_H

#include "mig.h"

/* The sum of what crc is the sum of, followed by bytes; 0 is the sum of
   nothing. */
extern uint32_t mig_crc32(uint32_t crc, MigStr bytes);

#endif
