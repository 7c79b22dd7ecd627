#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn void fuzz_broken(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, condition);
    abort();
}

static void *need(void *memory)
{
    REQUIRE(memory != NULL);
    return memory;
}

char *fuzz_text(const uint8_t *bytes, size_t size)
{
    char *text = need(malloc(size + 1));

    if (size)
        memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->at++;
}

unsigned fuzz_pick(struct fuzz_input *input, unsigned limit)
{
    return fuzz_byte(input) % limit;
}

const char *fuzz_file(const void *bytes, size_t size)
{
    static char path[32];
    static int fd = -1;

    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        REQUIRE(fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    REQUIRE(ftruncate(fd, 0) == 0);
    REQUIRE(pwrite(fd, bytes, size, 0) == (ssize_t)size);
    return path;
}
