/* SPDX-License-Identifier: MIT */
#include "mime/picture.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

struct failure {
	struct jpeg_error_mgr base;
	jmp_buf back;
};

static void on_error(j_common_ptr info)
{
	longjmp(((struct failure *)info->err)->back, 1);
}

/* The library would print. */
static void on_message(j_common_ptr info)
{
}

/* A progressive picture of few octets may want any number of passes. */
static void on_pass(j_common_ptr info)
{
	j_decompress_ptr d = (j_decompress_ptr)info;
	if (d->input_scan_number > 200)
		on_error(info);
}

static bool read_rows(struct jpeg_decompress_struct *d, struct pixels *p)
{
	d->out_color_space = JCS_EXT_RGBA;
	/* Large ones come smaller from the start: that is cheap here. */
	while (d->scale_denom < 8 &&
		MAX(d->image_width, d->image_height) / d->scale_denom > 2 * PICTURE_SIDE)
		d->scale_denom *= 2;
	jpeg_calc_output_dimensions(d);
	if (!pixels_init(p, d->output_width, d->output_height))
		return false;
	jpeg_start_decompress(d);
	while (d->output_scanline < d->output_height) {
		JSAMPROW row = p->octets + (gsize)d->output_scanline * p->width * 4;
		jpeg_read_scanlines(d, &row, 1);
	}
	return true;
}

bool picture_jpeg(const guint8 *octets, size_t len, struct pixels *p)
{
	struct jpeg_decompress_struct d;
	struct failure failure;
	struct jpeg_progress_mgr progress = {.progress_monitor = on_pass};
	d.err = jpeg_std_error(&failure.base);
	failure.base.error_exit = on_error;
	failure.base.output_message = on_message;
	if (setjmp(failure.back)) {
		jpeg_destroy_decompress(&d);
		/* What was there before the damage is shown. */
		return p->octets != NULL;
	}
	jpeg_create_decompress(&d);
	d.progress = &progress;
	d.mem->max_memory_to_use = 256 * 1024 * 1024;
	jpeg_mem_src(&d, octets, (unsigned long)len);
	jpeg_read_header(&d, TRUE);
	bool good = read_rows(&d, p);
	jpeg_destroy_decompress(&d);
	return good;
}
