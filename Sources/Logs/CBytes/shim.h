#pragma once
#include <stddef.h>

/* glibc declares these under _GNU_SOURCE only, which is not set where Swift imports its headers. */
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
void *memrchr(const void *bytes, int byte, size_t length);
