/* An NDJSON input of bacm add. */
#include "rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rows_check("ndjson", bytes, size);
    return 0;
}
