/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#define WITH_INSTRUCTIONS
#endif

enum { BLOCK = 64, LENGTH_AT = 56 };

struct sha256_sum {
	GChecksum *checksum; /* NULL: by instructions */
	uint32_t state[8];
	uint64_t octets;
	uint8_t block[BLOCK]; /* octets % BLOCK of it are filled */
};

#ifdef WITH_INSTRUCTIONS

static const uint32_t constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t beginning[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
	0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static bool look_for_instructions(void)
{
	unsigned a, b, c, d;
	return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	       (b & bit_SHA);
}

/* Asked once: a virtual machine leaves for its host to answer. */
static bool has_instructions(void)
{
	enum { NO = 1, YES };
	static gsize known;
	if (g_once_init_enter(&known))
		g_once_init_leave(&known, look_for_instructions() ? YES : NO);
	return known == YES;
}

/* The next four words of the schedule, from the last sixteen. */
__attribute__((target("sha,sse4.1"))) static __m128i schedule(const __m128i w[4])
{
	__m128i sum =
		_mm_add_epi32(_mm_sha256msg1_epu32(w[0], w[1]), _mm_alignr_epi8(w[3], w[2], 4));
	return _mm_sha256msg2_epu32(sum, w[3]);
}

/* The instructions keep the eight words of the state as (A B E F) and (C D G H),
 * and do two rounds at a time. */
__attribute__((target("sha,sse4.1"))) static void take_blocks(
	uint32_t state[8], const uint8_t *data, size_t blocks)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
	__m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
	for (; blocks > 0; blocks--, data += BLOCK) {
		__m128i w[4], had_abef = abef, had_cdgh = cdgh;
		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i_u *)(const void *)(data + 16 * i)),
				swap);
		for (int i = 0; i < 16; i++) {
			__m128i k = _mm_loadu_si128(
				(const __m128i_u *)(const void *)(constants + 4 * i));
			__m128i sum = _mm_add_epi32(w[0], k);
			__m128i next = i < 12 ? schedule(w) : w[0];
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
			w[0] = w[1];
			w[1] = w[2];
			w[2] = w[3];
			w[3] = next;
		}
		abef = _mm_add_epi32(abef, had_abef);
		cdgh = _mm_add_epi32(cdgh, had_cdgh);
	}
	state[0] = (uint32_t)_mm_extract_epi32(abef, 3);
	state[1] = (uint32_t)_mm_extract_epi32(abef, 2);
	state[4] = (uint32_t)_mm_extract_epi32(abef, 1);
	state[5] = (uint32_t)_mm_extract_epi32(abef, 0);
	state[2] = (uint32_t)_mm_extract_epi32(cdgh, 3);
	state[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
	state[6] = (uint32_t)_mm_extract_epi32(cdgh, 1);
	state[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}

#else

static const uint32_t beginning[8];

static bool has_instructions(void)
{
	return false;
}

static void take_blocks(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	g_assert_not_reached();
}

#endif

struct sha256_sum *sha256_new(void)
{
	struct sha256_sum *s = g_new0(struct sha256_sum, 1);
	if (!has_instructions())
		s->checksum = g_checksum_new(G_CHECKSUM_SHA256);
	sha256_reset(s);
	return s;
}

void sha256_free(struct sha256_sum *s)
{
	if (!s)
		return;
	if (s->checksum)
		g_checksum_free(s->checksum);
	g_free(s);
}

void sha256_reset(struct sha256_sum *s)
{
	if (s->checksum)
		g_checksum_reset(s->checksum);
	memcpy(s->state, beginning, sizeof s->state);
	s->octets = 0;
}

/* Completes the block that was begun, if there is one. */
static size_t fill(struct sha256_sum *s, const uint8_t *data, size_t len)
{
	size_t filled = s->octets % BLOCK, n = MIN(len, BLOCK - filled);
	if (filled == 0)
		return 0;
	memcpy(s->block + filled, data, n);
	s->octets += n;
	if (filled + n == BLOCK)
		take_blocks(s->state, s->block, 1);
	return n;
}

static void update(struct sha256_sum *s, const uint8_t *data, size_t len)
{
	size_t n = fill(s, data, len), whole = (len - n) / BLOCK;
	if (n == len)
		return;
	take_blocks(s->state, data + n, whole);
	n += whole * BLOCK;
	memcpy(s->block, data + n, len - n);
	s->octets += len - n + whole * BLOCK;
}

void sha256_update(struct sha256_sum *s, const void *data, size_t len)
{
	if (s->checksum && len > 0)
		g_checksum_update(s->checksum, data, (gssize)len);
	else if (len > 0)
		update(s, data, len);
}

void sha256_finish(struct sha256_sum *s, uint8_t digest[SHA256_LENGTH])
{
	static const uint8_t padding[BLOCK] = {0x80};
	gsize size = SHA256_LENGTH;
	if (s->checksum) {
		g_checksum_get_digest(s->checksum, digest, &size);
		return;
	}
	uint64_t bits = GUINT64_TO_BE(s->octets * 8);
	size_t filled = s->octets % BLOCK;
	update(s, padding, filled < LENGTH_AT ? LENGTH_AT - filled : BLOCK + LENGTH_AT - filled);
	update(s, (const uint8_t *)&bits, sizeof bits);
	for (int i = 0; i < 8; i++) {
		uint32_t word = GUINT32_TO_BE(s->state[i]);
		memcpy(digest + 4 * i, &word, sizeof word);
	}
}
