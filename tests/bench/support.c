#include "bench/support.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bench_die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

char *bench_read_file(const char *path, size_t *size)
{
    enum { MOST = 64 << 20 };
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long end = -1;

    if (!file || fseek(file, 0, SEEK_END) != 0 || (end = ftell(file)) < 0 || end > MOST)
        bench_die("%s cannot be read", path);
    rewind(file);
    bytes = malloc((size_t)end + 1);
    if (!bytes || fread(bytes, 1, (size_t)end, file) != (size_t)end)
        bench_die("%s cannot be read", path);
    fclose(file);
    bytes[end] = '\0';
    *size = (size_t)end;
    return bytes;
}
