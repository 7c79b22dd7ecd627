#include "cli/terminal/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;

    return smaller < c ? smaller : c;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * How many letters are missing, too many, others or swapped with their neighbours, without
 * regard to case; SIZE_MAX when a name is too long.
 */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][SUGGEST_MAX_NAME + 1] = {{0}};
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);

    if (a_length > SUGGEST_MAX_NAME || b_length > SUGGEST_MAX_NAME)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1,
                          above[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) &&
                two_above[j - 2] + 1 < row[j])
                row[j] = two_above[j - 2] + 1;
        }
    }
    return rows[a_length % 3][b_length];
}

void suggest_begin(struct suggest *suggest, const char *wanted)
{
    suggest->wanted = wanted;
    suggest->best = NULL;
    suggest->distance = SIZE_MAX;
}

void suggest_offer(struct suggest *suggest, const char *name)
{
    size_t d = distance(suggest->wanted, name);

    if (d < suggest->distance) {
        suggest->distance = d;
        suggest->best = name;
    }
}

const char *suggest_best(const struct suggest *suggest)
{
    size_t length = strlen(suggest->wanted);
    size_t allowed = length < 6 ? 1 : length / 3;

    return suggest->distance <= allowed ? suggest->best : NULL;
}
