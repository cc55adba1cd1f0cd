/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/theme.h"

static const struct look looks[THEME_COUNT] = {
#define THEME(name, text, fg, bg, bits) {text, fg, bg, bits},
#include "ui/theme.def"
#undef THEME
};

const struct look *theme_look(enum theme theme)
{
	g_assert(theme < THEME_COUNT);
	return &looks[theme];
}
