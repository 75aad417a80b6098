#pragma once
#include <stddef.h>
#include <string.h>

/* glibc declares these under _GNU_SOURCE only, which is not set where Swift imports its headers. */
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
void *memrchr(const void *bytes, int byte, size_t length);

/*
 * Searching sixteen bytes at a time, in C since Swift's own vectors are not compiled to the processor's here. Logs of
 * many gigabytes are read for one message id, and the C library's memmem(3) takes twice as long. GNU C's vectors exist
 * for every processor.
 */
typedef unsigned char collect_lanes __attribute__((vector_size(16)));
typedef unsigned long long collect_words __attribute__((vector_size(16)));

static inline collect_lanes collect_load(const unsigned char *place) {
    collect_lanes lanes;
    memcpy(&lanes, place, sizeof lanes);
    return lanes;
}

/* How often a byte occurs. */
static inline size_t collect_count(const unsigned char *bytes, size_t length, unsigned char byte) {
    const collect_lanes wanted = (collect_lanes){0} + byte;
    size_t total = 0, place = 0;
    while (place + 16 <= length) {
        /* A lane counts to 255 at most. */
        collect_lanes counts = {0};
        for (int blocks = 0; blocks < 255 && place + 16 <= length; blocks++, place += 16)
            counts -= (collect_lanes)(collect_load(bytes + place) == wanted);
        for (int lane = 0; lane < 16; lane++) total += counts[lane];
    }
    for (; place < length; place++) total += bytes[place] == byte;
    return total;
}

/*
 * The first place of a needle, or length if there is none. Looks for three of its bytes at once and compares the rest
 * where all of them stand; they are taken from its end, since the ids of one server begin alike.
 */
static inline size_t collect_find(
    const unsigned char *bytes, size_t length, const unsigned char *needle, size_t size) {
    if (size == 0 || size > length) return length;
    const size_t last = length - size, end = size - 1;
    const size_t middle = end > 3 ? end - 3 : 0, first = end > 4 ? end - 4 : 0;
    const collect_lanes a = (collect_lanes){0} + needle[first], b = (collect_lanes){0} + needle[middle],
                        c = (collect_lanes){0} + needle[end];
    size_t place = 0;
    for (; place + end + 16 <= length; place += 16) {
        const unsigned char *here = bytes + place;
        const collect_words all = (collect_words)(
            (collect_lanes)(collect_load(here + first) == a) & (collect_lanes)(collect_load(here + middle) == b)
            & (collect_lanes)(collect_load(here + end) == c));
        if ((all[0] | all[1]) == 0) continue;
        for (size_t offset = 0; offset < 16; offset++)
            if (((const unsigned char *)&all)[offset] && memcmp(here + offset, needle, size) == 0)
                return place + offset;
    }
    for (; place <= last; place++)
        if (memcmp(bytes + place, needle, size) == 0) return place;
    return length;
}
