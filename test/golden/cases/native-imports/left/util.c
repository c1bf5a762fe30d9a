#include "left/limit.h"

const char *
left_text(void)
{
    return NAME;
}
