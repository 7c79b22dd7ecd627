/*
 * Runs a target with each file of its corpus, named by the program; reports as
 * TAP. A broken promise ends the program, and the test with it.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *folder, const char *name)
{
    char path[2048];
    FILE *file;
    uint8_t *bytes;
    long size;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    REQUIRE(file != NULL);
    REQUIRE(fseek(file, 0, SEEK_END) == 0);
    size = ftell(file);
    REQUIRE(size >= 0);
    rewind(file);
    bytes = malloc((size_t)size + 1); /* of the exact size, so that a sanitizer sees its end */
    REQUIRE(bytes != NULL);
    REQUIRE(fread(bytes, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, (size_t)size);
    free(bytes);
}

int main(int argc, char **argv)
{
    const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
    char folder[1024];
    struct dirent **found = NULL;
    int count;

    if (!name)
        return 1;
    snprintf(folder, sizeof folder, "%s%s", FUZZ_CORPUS, name);
    count = scandir(folder, &found, is_file, alphasort);
    if (count <= 0) {
        fprintf(stderr, "no corpus in %s\n", folder);
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        printf("# %s\n", found[i]->d_name);
        replay(folder, found[i]->d_name);
        printf("ok %d - %s\n", i + 1, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    return 0;
}
